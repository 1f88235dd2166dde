"""Tests of the example; run with ``python -m unittest discover -s tests``."""

import unittest
from importlib import metadata

import shiponce_native
from shiponce_native import checksum


class Checksum(unittest.TestCase):
    """Known answers for little-endian Fletcher-32."""

    def test_known_answers(self):
        self.assertEqual(checksum(b""), 0)
        self.assertEqual(checksum(b"abcde"), 0xF04FC729)
        self.assertEqual(checksum(b"abcdef"), 0x56502D2A)
        self.assertEqual(checksum(b"abcdefgh"), 0xEBE19591)

    def test_only_bytes_are_taken(self):
        with self.assertRaises(TypeError):
            checksum("abcde")


class Version(unittest.TestCase):
    def test_module_and_metadata_agree(self):
        self.assertEqual(shiponce_native.__version__, metadata.version("shiponce-native"))


if __name__ == "__main__":
    unittest.main()
