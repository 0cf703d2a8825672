from stages.common.errors import run
