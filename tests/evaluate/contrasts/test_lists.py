"""A list is one level: contrasts of fields that hold lists."""

from stages.common.params import parse
from stages.common.schema import ProfileSchema
from stages.evaluate.cells import cells_of
from stages.evaluate.contrasts.exploratory import exploratory
from stages.evaluate.declared import Contrast
from tests.evaluate.fakes import CONTRAST, FREE, SCHEMA, cat, draws, study

TONGUES = {"type": "array", "items": {"enum": ["purr", "hiss"]}, "x-role": "attribute"}
NODE = {**SCHEMA, "properties": {**SCHEMA["properties"], "sounds": TONGUES}}


def test_the_share_of_a_whole_list_is_looked_at():
    people = [cat(sounds=["purr"]), cat(sounds=["purr", "hiss"]), cat(sounds=[])] * 4
    training = {"original": people, "augmented": people}
    texts = draws(*people[:6]), draws(*[people[0]] * 6, arm="tiny+lora/augmented")
    whole = study(FREE, schema=ProfileSchema(NODE), training=training)
    cells = cells_of([row for of_arm in texts for row in of_arm], whole)
    shares = {
        row.level: (row.value_a, row.value_b) for row in exploratory(cells, whole) if row.field == "sounds"
    }
    # of six draws of original two have each list
    third = 2 / 6
    assert shares == {'["purr"]': (third, 1.0), '["purr","hiss"]': (third, 0.0), "[]": (third, 0.0)}


def test_a_list_can_be_declared_as_a_level():
    same = CONTRAST.model_dump() | {"field": "sounds", "level": ["purr", "hiss"]}
    assert parse(Contrast, same, "params.yaml").about == ("sounds", '["purr","hiss"]')
