import unittest

from backups import Failed, database


class AddressTest(unittest.TestCase):
    def test_a_password_is_no_part_of_a_command_line(self):
        address, env = database.without_password("postgresql://owner:pa%40ss@db.example:5432/tidemark?sslmode=require")
        self.assertEqual(address, "postgresql://owner@db.example:5432/tidemark?sslmode=require")
        self.assertEqual(env, {"PGPASSWORD": "pa@ss"})

    def test_an_address_without_a_password_stays_as_it_is(self):
        for address in ("postgresql://owner@db.example/tidemark", "postgresql:///tidemark"):
            self.assertEqual(database.without_password(address), (address, {}))

    def test_a_setting_that_is_missing_is_named(self):
        with self.assertRaisesRegex(Failed, "TIDEMARK_POSTGRES_OWNER_URL is not set"):
            database.owner_url({})


if __name__ == "__main__":
    unittest.main()
