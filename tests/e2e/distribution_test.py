"""Tasks can be distributed over databases by user_id: every key begins with it, and every statement that the services
prepare finds rows by it. PostgreSQL itself is asked, by the plans of what each process prepares."""

import json
import re
import subprocess
import unittest
from typing import Any, BinaryIO, Iterator

from gate import Gate, PostgresWire, Turnstile
from stack import Stack, eventually
from stored import query
from supervisor import postgres
from twin import Twin

SERVICES = ("sync", "auth")
# These are told what only one user has, or are asked on behalf of all; each is a function of the owner's.
ACROSS_USERS = {"auth.find_account", "auth.lock_session_of_token", "auth.revoked_since", "auth.forget_revoked",
                "sync.users_to_purge"}
# What has to be unique among all people: why accounts and sessions stay in one database.
UNIQUE_AMONG_ALL = {"auth.accounts_email_key_key", "auth.refresh_tokens_pkey", "auth.revoked_sessions_pkey"}
# Pushes of several users that share a transaction (decision 21).
OF_SEVERAL_USERS = {"lock_free_heads", "named_tasks", "ledgers", "each_changed_tasks", "each_changed_conflicts", "push",
                    "push_with_history", "push_with_conflicts"}
PER_USER_TABLES = """
select table_schema || '.' || table_name from information_schema.columns
where table_schema in ('sync', 'auth') and column_name = 'user_id'
"""
# Plans that name what each row is found by; as the owner, whom no policy adds a condition for.
EXPLAIN = r"""
set enable_hashjoin = off;
set enable_mergejoin = off;
select format('select %L', json_build_object('name', name, 'parameters', parameter_types::text[])),
  format('explain (verbose, format json) execute %I', name)
    || coalesce('(' || nullif(array_to_string(array_fill('null'::text, array[cardinality(parameter_types)]), ', '), '') || ')', '')
from pg_prepared_statements \gexec
"""


class Overhearing(PostgresWire):
    """Keeps what prepares a connection's statements."""

    def __init__(self):
        self.prepares: str | None = None

    def read_request(self, file: BinaryIO) -> bytes:
        request = super().read_request(file)
        if request[:1] == b"Q" and b"; PREPARE " in request:
            self.prepares = request[5:-1].decode()
        return request


def prepared_by(stack: Stack, service: str) -> str:
    wire = Overhearing()
    gate = Gate(stack.env()["TIDEMARK_POSTGRES_URL"] + "?sslmode=disable&gssencmode=disable", wire, Turnstile())
    twin = Twin(stack, service, postgres_url=gate.url)
    try:
        return eventually("its statements are prepared", lambda: wire.prepares)
    finally:
        twin.kill()
        gate.close()


def plans_of(stack: Stack, prepares: str) -> dict[str, tuple[list[str], dict[str, Any]]]:
    """By a statement's name: the types of its parameters, and its plan."""
    done = subprocess.run([postgres.BIN / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", stack.owner_url],
                          input=f"{prepares};{EXPLAIN}", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = list(values_in(done.stdout))
    return {head["name"]: (head["parameters"], plan["Plan"]) for head, [plan] in zip(told[::2], told[1::2], strict=True)}


def values_in(text: str) -> Iterator[Any]:
    while text := text.lstrip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes_of(child)


def finds_by_user(node: dict[str, Any]) -> bool:
    return any(re.search(r"\buser_id = ", node.get(condition, "")) for condition in ("Index Cond", "Recheck Cond", "Filter"))


class StatementsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()
        cls.per_user = set(query(cls.stack, PER_USER_TABLES).splitlines())
        cls.plans = {service: plans_of(cls.stack, prepared_by(cls.stack, service)) for service in SERVICES}

    def statements(self) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
        for plans in self.plans.values():
            for name, (parameters, plan) in plans.items():
                yield name, parameters, plan

    def test_every_statement_finds_what_belongs_to_people_by_user_id(self):
        looked_at = set()
        for name, _, plan in self.statements():
            for node in nodes_of(plan):
                table = f"{node.get('Schema')}.{node.get('Relation Name')}"
                if table in self.per_user and node["Node Type"] != "ModifyTable":
                    looked_at.add(table)
                    self.assertTrue(finds_by_user(node), f"{name}: {node}")
        self.assertEqual(looked_at, self.per_user - {"auth.revoked_sessions"}, "the last is written here, and read by functions")

    def test_an_insert_that_meets_a_row_meets_one_of_the_same_user(self):
        by_user = set(query(self.stack, INDEXES.format(first="=")).splitlines())
        met = {index for _, _, plan in self.statements() for node in nodes_of(plan)
               for index in node.get("Conflict Arbiter Indexes", [])}
        self.assertLessEqual({f"sync.{index}" for index in met}, by_user)
        self.assertGreater(len(met), 1)

    def test_only_what_shared_pushes_need_is_asked_for_several_users(self):
        self.assertEqual({name for name, parameters, _ in self.statements() if "uuid[]" in parameters}, OF_SEVERAL_USERS)

    def test_a_statement_that_does_not_name_the_user_would_be_noticed(self):
        for sql in ("select content from sync.tasks where id = $1",
                    "delete from sync.history where task_id = $1",
                    "select 1 from sync.heads as head where user_id = $1::uuid and exists (select from sync.tasks where id = 'a')"):
            with self.subTest(sql):
                [(_, plan)] = plans_of(self.stack, f"set plan_cache_mode = force_generic_plan; prepare it (text) as {sql}").values()
                scans = [node for node in nodes_of(plan) if "Relation Name" in node and node["Node Type"] != "ModifyTable"]
                self.assertFalse(all(map(finds_by_user, scans)), scans)


# Unique ones, whose first column is the user, or ("<>") is not.
INDEXES = """
select indexrelid::regclass::text from pg_index join pg_class on pg_class.oid = indrelid
join pg_attribute on attrelid = indrelid and attnum = indkey[0]
where indisunique and relnamespace::regnamespace::text in ('sync', 'auth') and attname {first} 'user_id'
  and exists (select from pg_attribute where attrelid = indrelid and attname = 'user_id')
"""


class SchemaTest(unittest.TestCase):
    def ask(self, sql: str) -> set[str]:
        return set(query(Stack.shared(), sql).splitlines())

    def test_every_table_of_sync_but_the_data_sets_own_is_of_users(self):
        tables = self.ask("select 'sync.' || relname from pg_class where relnamespace = 'sync'::regnamespace and relkind = 'r'")
        per_user = self.ask(PER_USER_TABLES)
        self.assertEqual(tables - per_user, {"sync.data_set", "sync.schema_migrations"})

    def test_no_row_of_a_user_is_without_user_id(self):
        self.assertEqual(self.ask(PER_USER_TABLES + " and (is_nullable = 'YES' or column_default is not null)"), set())

    def test_all_that_is_unique_is_so_for_each_user_but_for_what_people_are_told_apart_by(self):
        self.assertEqual(self.ask(INDEXES.format(first="<>")), UNIQUE_AMONG_ALL)

    def test_only_functions_that_are_known_look_across_users(self):
        functions = self.ask(
            "select pronamespace::regnamespace || '.' || proname from pg_proc "
            "where pronamespace::regnamespace::text in ('sync', 'auth')")
        self.assertEqual(functions - {"auth.account_of_session"}, ACROSS_USERS)

    def test_no_key_of_tasks_leads_to_another_table(self):
        self.assertEqual(self.ask("select conname from pg_constraint where contype = 'f' and connamespace = 'sync'::regnamespace"),
                         set())


if __name__ == "__main__":
    unittest.main()
