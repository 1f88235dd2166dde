"""Tests of the example; run with ``python -m unittest discover -s tests``."""

import contextlib
import io
import unittest
from importlib import metadata

import shiponce_hello
from shiponce_hello.cli import main


class Greeting(unittest.TestCase):
    def test_ascii_host_is_greeted_plainly(self):
        self.assertEqual(shiponce_hello.greet("example.org"), "Hello, example.org!")

    def test_other_scripts_show_the_wire_form(self):
        self.assertEqual(
            shiponce_hello.greet("bücher.example"),
            "Hello, bücher.example! The network knows you as xn--bcher-kva.example.",
        )

    def test_nonsense_is_refused(self):
        with self.assertRaises(ValueError):
            shiponce_hello.greet("a..b")


class Command(unittest.TestCase):
    def test_default_is_localhost(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(main([]), 0)
        self.assertEqual(out.getvalue(), "Hello, localhost!\n")

    def test_a_bad_host_fails(self):
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main(["a..b"]), 1)
        self.assertIn("not a host name", err.getvalue())


class Version(unittest.TestCase):
    def test_module_and_metadata_agree(self):
        self.assertEqual(shiponce_hello.__version__, metadata.version("shiponce-hello"))


if __name__ == "__main__":
    unittest.main()
