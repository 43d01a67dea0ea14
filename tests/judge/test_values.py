"""Whatever comes out of a room is brought to plain Python strictly, and nothing in it is trusted."""

import pytest

from autograder.judge.values import KINDS, MAX_KEYS, Handle, Names, NotDefined, StudentRaised, Undefined, decode, encode
from autograder.room import Limits, Times
from notebook_checks.values import MAX_DEPTH
from scalelab.checking import NotAValue, expect_equal


class Scripted:
    """A session that gives the answers it was made with, one after the other."""

    limits = Limits(call_seconds=1.0)
    clock = 0.0
    starved = False

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def times(self):
        return Times()

    def ask(self, request, seconds, reply=None):
        self.asked.append(request)
        return self.answers.pop(0)


def names(*answers):
    return Names(Scripted(*answers), 1.0)


@pytest.mark.parametrize(
    "sent", [{"pairs": [[[1], 2]]}, {"pairs": "x"}, {"pairs": [[1, 2, 3]]}, {"other": 1}, {}, [{"handle": 0}]]
)
def test_malformed_data_is_no_value(sent):
    with pytest.raises(NotAValue):
        decode(sent)


def test_data_that_nests_deeper_than_the_limit_is_no_value():
    deep = 1
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(NotAValue):
        decode(deep)


def test_a_dict_of_very_many_keys_is_no_value_before_their_one_hash_costs_the_judge_its_time():
    alike = [[index * (2**61 - 1), 0] for index in range(MAX_KEYS)]
    assert len(decode({"pairs": alike})) == MAX_KEYS
    with pytest.raises(NotAValue):
        decode([{"pairs": alike}, {"pairs": [[1, 0]]}])


def test_plain_data_is_decoded_with_its_keys_types():
    assert decode([1, {"pairs": [[1, "a"], ["b", None]]}]) == [1, {1: "a", "b": None}]


def test_an_argument_keeps_tuples_and_a_test_cannot_pass_what_is_no_data():
    assert encode([(1, 2)]) == [{"tuple": [1, 2]}]
    with pytest.raises(TypeError, match="in_room"):
        encode(lambda x: x)


@pytest.mark.parametrize("answer", [{}, {"handle": -1}, {"handle": True}, {"handle": "0"}, {"novalue": 3}])
def test_an_answer_of_no_known_form_is_no_value(answer):
    with pytest.raises(NotAValue):
        names(answer)["f"]


def test_a_handles_kind_is_a_built_in_name_whatever_the_room_says():
    assert names({"handle": 0, "kind": "<script>4711"})["f"].kind == "object"
    assert names({"handle": 0, "kind": "generator"})["f"].kind in KINDS


def test_an_exception_is_told_by_a_built_in_name_whatever_the_room_says():
    with pytest.raises(StudentRaised, match=r"^Exception$"):
        names({"raised": "hidden input 4711"})["f"]


def test_a_name_that_is_not_there_says_so_when_it_is_used():
    undefined = names({"missing": True}).get("conv_macs")
    assert isinstance(undefined, Undefined)
    for use in (lambda: undefined(1), lambda: undefined["depth"], lambda: expect_equal(undefined, 1)):
        with pytest.raises(NotDefined, match="conv_macs"):
            use()


def test_a_handle_that_a_test_compares_is_read_from_the_room():
    asked = names({"handle": 4, "kind": "object"}, {"value": [1, 2]})
    expect_equal(asked.make("[1, 2]"), (1, 2))
    assert asked.session.asked[-1] == {"do": "read", "handle": 4}


def test_calling_a_handle_calls_it_in_the_room():
    asked = names({"handle": 0, "kind": "function"}, {"value": 6})
    function = asked["f"]
    assert isinstance(function, Handle)
    assert function(2, by=(3,)) == 6
    sent = {"do": "call", "handle": 0, "args": [2], "kwargs": {"by": {"tuple": [3]}}}
    assert asked.session.asked[-1] == sent


def test_a_tensor_arrives_in_a_room_as_it_was_sent():
    import torch

    from autograder.room.inside.responder import Responder

    for tensor in (
        torch.rand(2, 3),
        torch.arange(4).view(2, 2).t(),
        torch.zeros(0, 5),
        torch.tensor(3).to(torch.int64),
    ):
        for sent in (tensor, tensor.to(torch.bfloat16)):
            arrived = Responder({}, None).decode(encode({"a": [sent]}))["a"][0]
            assert arrived.dtype == sent.dtype and torch.equal(arrived, sent)


@pytest.mark.parametrize("sent", ["AAAA", "", "%", 3, None, "gASVCAAAAAAAAACMBGV2aWyULg=="])
def test_what_is_no_tensor_does_not_become_one(sent):
    """The last one is a pickle."""
    from autograder.room.inside.responder import Responder

    responder = Responder({"f": print}, None)
    responder.answer({"do": "get", "name": "f"})
    answer = responder.answer({"do": "call", "handle": 0, "args": [{"tensor": sent}], "kwargs": {}})
    assert set(answer) == {"raised"}


def test_a_tensor_that_is_too_large_is_not_decoded(monkeypatch):
    from autograder.room.inside import responder

    monkeypatch.setattr(responder, "MAX_TENSOR", 10)
    with pytest.raises(ValueError, match="too large"):
        responder.decode_tensor("A" * 11)


def test_a_name_that_is_not_there_says_so_when_it_is_an_argument():
    with pytest.raises(NotDefined, match="build"):
        encode([Undefined("build")])


@pytest.mark.parametrize("forged", [2**1024, -(2**1024), [1, [2**1024]], {"pairs": [[2**1024, 1]]}])
def test_an_int_that_no_float_can_hold_is_no_value(forged):
    with pytest.raises(NotAValue, match="int"):
        decode(forged)
    assert decode([2**1023, -(2**1023)]) == [2**1023, -(2**1023)]


@pytest.mark.parametrize("number", [10**4000, 1_000_000])
def test_a_handle_of_an_object_that_no_room_can_have_kept_is_none(number):
    with pytest.raises(NotAValue):
        names({"handle": number, "kind": "function"})["f"]
