import copy
import json
import unittest
from typing import Any, Callable

from . import document, lint

DOCUMENT = document.load()


def plant_unused(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Lonely"] = {"type": "string"}


def plant_dangling(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Task"]["properties"]["id"] = {"$ref": "#/components/schemas/Nobody"}


def plant_bad_example(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Task"]["example"]["version"] = "one"


def plant_required(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Task"]["required"].append("colour")


def plant_path_value(contract: dict[str, Any]) -> None:
    del contract["paths"]["/tasks/{id}/history"]["get"]["parameters"]


def plant_twin(contract: dict[str, Any]) -> None:
    contract["paths"]["/livez"]["get"]["operationId"] = "ready"


def plant_structure(contract: dict[str, Any]) -> None:
    contract["paths"]["/livez"]["get"]["responses"] = []


def plant_misspelt(contract: dict[str, Any]) -> None:
    contract["paths"]["/livez"]["get"]["sumary"] = "Is it there?"


def plant_no_type(contract: dict[str, Any]) -> None:
    contract["components"]["schemas"]["Task"]["properties"]["pinned"]["type"] = "bool"


def plant_body_without_example(contract: dict[str, Any]) -> None:
    del contract["paths"]["/sync"]["post"]["requestBody"]["content"]["application/json"]["examples"]


PLANTED: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
    ("nobody refers to schemas/Lonely", plant_unused),
    ("nothing is at #/components/schemas/Nobody", plant_dangling),
    ("the example of Task: /version", plant_bad_example),
    ("requires colour", plant_required),
    ("the path value id is not described", plant_path_value),
    ("ready is the id of another operation", plant_twin),
    ("not OpenAPI 3.1 at /paths", plant_structure),
    ("not OpenAPI 3.1 at /paths", plant_misspelt),
    ("Task is no schema at /properties/pinned/type", plant_no_type),
    ("POST /sync application/json: no example", plant_body_without_example),
)


class LintTest(unittest.TestCase):
    def found(self, contract: dict[str, Any]) -> list[str]:
        return list(lint.violations(contract, json.loads(lint.META_SCHEMA.read_text())))

    def test_the_contract_keeps_its_rules(self):
        self.assertEqual(self.found(DOCUMENT), [])

    def test_each_rule_finds_what_breaks_it(self):
        for words, plant in PLANTED:
            with self.subTest(words):
                contract = copy.deepcopy(DOCUMENT)
                plant(contract)
                found = self.found(contract)
                self.assertTrue(any(words in line for line in found), found)

    def test_an_operation_has_an_id_a_summary_and_tags(self):
        for member in ("operationId", "summary", "tags"):
            with self.subTest(member):
                contract = copy.deepcopy(DOCUMENT)
                contract["paths"]["/livez"]["get"].pop(member)
                self.assertTrue(any(line == f"GET /livez: no {member}" for line in self.found(contract)))
