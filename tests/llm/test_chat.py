"""Chat templates: the end that is trained, the ends that stop, and templates that do not fit."""

import json
from pathlib import Path
from typing import Any

import pytest
from transformers import PreTrainedTokenizerFast

from stages.common.llm.chat import TODAY
from stages.common.llm.marks import marks_of, text_of
from stages.common.llm.pairs import token_pairs
from stages.common.llm.template import prompt_ids, token_pair
from stages.common.llm.tokenizer import read_tokenizer
from stages.common.records import Example
from stages.shell.errors import UserError
from tests.vocabularies import byte_level, saved

SPECIAL = [
    "<bos>", "<s>", "</s>", "<eos>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<start_of_turn>",
    "<end_of_turn>", "<|user|>", "<|assistant|>", "<|end|>", "<|begin_of_text|>", "<|start_header_id|>",
    "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
]  # fmt: skip
GEMMA = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end_of_turn>\n"
    "{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
PHI_3 = (
    "{% for m in messages %}{{ '<|' + m.role + '|>' + '\n' + m.content + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
)
LLAMA_3 = (
    "{{ bos_token }}{% if strftime_now is defined %}{% set today = strftime_now('%d %b %Y') %}"
    "{% else %}{% set today = '26 Jul 2024' %}{% endif %}"
    "<|start_header_id|>system<|end_header_id|>\n\nToday Date: {{ today }}\n\n<|eot_id|>"
    "{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
    "{{ m.content | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}"
)
CHAT_ML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
DEAF = CHAT_ML.partition("{% if")[0] + "\n"
BASE = {"bos_token": "<bos>", "eos_token": "<eos>"}


def read(folder: Path, template: str, ends: Any = None, **config: Any) -> Any:
    return read_tokenizer(saved(folder, byte_level(SPECIAL), template, ends, **config), "tokenizer")


@pytest.mark.parametrize(
    ("template", "eos", "ends", "end", "stops"),
    [
        (CHAT_ML, "<|im_end|>", None, "<|im_end|>", set()),
        (CHAT_ML, "<|endoftext|>", "<|endoftext|>", "<|im_end|>", {"<|endoftext|>"}),
        (GEMMA, "<eos>", ["<eos>", "<end_of_turn>"], "<end_of_turn>", {"<eos>"}),
        (PHI_3, "<|endoftext|>", None, "<|end|>", {"<|endoftext|>"}),
        (
            LLAMA_3,
            "<|end_of_text|>",
            ["<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"],
            "<|eot_id|>",
            {"<|end_of_text|>", "<|eom_id|>"},
        ),
        (MISTRAL, "</s>", None, "</s>", set()),
    ],
)
def test_the_end_that_the_template_writes_is_trained_and_all_ends_stop(
    template: str, eos: str, ends: Any, end: str, stops: set[str], tmp_path: Path
) -> None:
    listed = [ends] if isinstance(ends, str) else ends
    tokenizer = read(tmp_path, template, listed, bos_token="<bos>", eos_token=eos)
    marks = marks_of(tokenizer)
    assert tokenizer.convert_ids_to_tokens(marks.end) == end
    assert set(tokenizer.convert_ids_to_tokens(sorted(marks.stops))) == {end, *stops}
    pair = token_pair(tokenizer, "tokenizer", "Write.", "{}", 1000)
    # prompt and completion together are the conversation as the template has it, but for what follows the end
    turns = [{"role": "user", "content": "Write."}, {"role": "assistant", "content": "{}"}]
    conversation = tokenizer.apply_chat_template(turns, tokenize=False)
    seen = text_of([*pair.prompt_ids, *pair.completion_ids], tokenizer)
    assert conversation.replace("[/INST] ", "[/INST]").startswith(seen)


def test_with_a_plain_template_the_tokenizers_own_end_is_trained(tmp_path: Path) -> None:
    folder = saved(tmp_path, byte_level(SPECIAL), GEMMA, ["<eos>", "<end_of_turn>"], **BASE)
    marks = marks_of(tokenizer := read_tokenizer(folder, "alpaca"))
    assert tokenizer.convert_ids_to_tokens(marks.end) == "<eos>"
    assert set(tokenizer.convert_ids_to_tokens(sorted(marks.stops))) == {"<eos>", "<end_of_turn>"}


def test_a_listed_end_that_is_a_word_does_not_stop(tmp_path: Path) -> None:
    folder = saved(tmp_path, byte_level(), None, 2, eos_token="</s>")  # 2 is LlamaConfig's default
    assert len(marks_of(read_tokenizer(folder, "alpaca")).stops) == 1


def test_without_an_eos_token_the_checkpoints_list_gives_the_end(tmp_path: Path) -> None:
    tokenizer = read_tokenizer(saved(tmp_path / "a", byte_level(), None, ["</s>"]), "alpaca")
    assert tokenizer.convert_ids_to_tokens(marks_of(tokenizer).end) == "</s>"
    (tmp_path / "a/generation_config.json").unlink()
    (tmp_path / "a/config.json").write_text(json.dumps({"eos_token_id": marks_of(tokenizer).end}))
    assert marks_of(read_tokenizer(tmp_path / "a", "alpaca")) == marks_of(tokenizer)
    with pytest.raises(UserError, match=r"names no token that ends a text.*\nSet eos_token in its"):
        read_tokenizer(saved(tmp_path / "b", byte_level()), "alpaca")


@pytest.mark.parametrize("written", ["strftime_now('%d %b %Y')", 'strftime_now( "%d %b %Y" )'])
def test_the_date_in_a_template_is_frozen(written: str, tmp_path: Path) -> None:
    tokenizer = read(tmp_path, LLAMA_3.replace("strftime_now('%d %b %Y')", written), **BASE)
    first = text_of(prompt_ids(tokenizer, "tokenizer", "Write."), tokenizer)
    assert f"Today Date: {TODAY:%d %b %Y}\n" in first
    assert "Today Date: 26 Jul 2024\n" in first


def test_a_date_that_cannot_be_frozen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="writes today's date in a way that cannot be frozen"):
        read(tmp_path, "{% set f = '%Y' %}{{ strftime_now(f) }}" + CHAT_ML, **BASE)


def test_a_template_that_ignores_the_generation_prompt_is_completed(tmp_path: Path) -> None:
    whole, deaf = read(tmp_path / "a", CHAT_ML, **BASE), read(tmp_path / "b", DEAF, **BASE)
    for prompt in ("Write.", "{{ x }} \"'\\ <|im_end|>"):
        assert prompt_ids(deaf, "tokenizer", prompt) == prompt_ids(whole, "tokenizer", prompt)
    assert marks_of(deaf) == marks_of(whole)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (
            "{% if messages[0].role == 'user' %}{{ raise_exception('Begin with a system turn') }}{% endif %}",
            r"fails on a prompt without a system turn \(Begin with a system turn\)",
        ),
        ("{% for m in messages %}{{ m.role }}", "fails on a prompt"),
        ("{{ messages[0].content.text + 'x' }}", "fails on a prompt"),
        ("{% for m in messages %}<s>{{ m.role }}</s>{% endfor %}", "does not show the prompt"),
        (DEAF.strip() + "{% if messages[-1].role == 'user' %}{{ eos_token }}{% endif %}", "does not open"),
        ({"rag": CHAT_ML, "tools": CHAT_ML}, "fails on a prompt"),
    ],
)
def test_a_template_that_does_not_fit_is_reported_in_a_sentence(
    template: Any, says: str, tmp_path: Path
) -> None:
    place = r"^models/bases.yaml: template: tokenizer, but this one's chat template "
    with pytest.raises(UserError, match=place + says + r".*\nUse template: alpaca$"):
        read(tmp_path, template, **BASE)


def test_a_template_that_refuses_one_prompt_is_not_taken_for_a_long_example(tmp_path: Path) -> None:
    picky = "{% if 'b' in messages[0].content %}{{ raise_exception('no b') }}{% endif %}" + CHAT_ML
    example = Example(source_id="p", prompt_id="p", prompt="b", completion="{}")
    with pytest.raises(UserError, match=r"fails on a prompt .*\(no b\)\nUse template: alpaca$"):
        token_pairs(read(tmp_path, picky, **BASE), "tokenizer", [example], 1000, "train.jsonl", "shorter")


@pytest.mark.parametrize("template", ["alpaca", "llama-2-chat"])
def test_a_tokenizer_that_ends_every_text_does_not_end_a_prompt(template: str, tmp_path: Path) -> None:
    from tokenizers.processors import TemplateProcessing

    pieces = byte_level()
    marks = [(mark, pieces.token_to_id(mark)) for mark in ("<s>", "</s>")]
    pieces.post_processor = TemplateProcessing(single="<s> $A", special_tokens=marks)
    begun = read_tokenizer(saved(tmp_path / "a", pieces, eos_token="</s>"), template)
    pieces.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=marks)
    ended = read_tokenizer(saved(tmp_path / "b", pieces, eos_token="</s>"), template)
    assert ended("x")["input_ids"][-1] == marks_of(ended).end
    assert prompt_ids(ended, template, "Write.") == prompt_ids(begun, template, "Write.")
    assert prompt_ids(ended, template, "Write.")[0] == pieces.token_to_id("<s>")
    pair = token_pair(ended, template, "Write.", "{}", 1000)
    assert pair.completion_ids.count(marks_of(ended).end) == 1


def test_a_tokenizer_that_cannot_be_read_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.model").write_bytes(b"\x0a\x0e")
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(
        UserError, match=r"cannot be read: there is no tokenizer\.json\nFrom a tokenizer\.model"
    ):
        read_tokenizer(tmp_path, "alpaca")
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(UserError, match=r"cannot be read: .*\nFetch tokenizer\.json again"):
        read_tokenizer(tmp_path, "alpaca")


def test_reading_changes_nothing_that_is_saved(tmp_path: Path) -> None:
    """The folder belongs to the user, so changes stay in memory."""
    folder = saved(tmp_path, byte_level(SPECIAL), DEAF, **BASE)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    read_tokenizer(folder, "tokenizer")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert PreTrainedTokenizerFast.from_pretrained(folder).chat_template == DEAF
