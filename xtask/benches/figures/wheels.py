"""Write COUNT valid wheels of about SIZE bytes into DIR; they differ in tag and content.

With a fourth argument the payload is deflated, and packs to about half of SIZE.
"""

import base64
import hashlib
import itertools
import pathlib
import random
import sys
import zipfile

folder, count, size = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
PYTHONS = ["cp39", "cp310", "cp311", "cp312", "cp313", "cp314", "cp315", "cp38", "cp37", "cp36"]
PACKED = len(sys.argv) > 4
PLATFORMS = [
    "manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "manylinux_2_17_ppc64le", "manylinux_2_17_s390x",
    "musllinux_1_2_x86_64", "musllinux_1_2_aarch64", "macosx_11_0_arm64", "macosx_10_9_x86_64",
    "win_amd64", "win_arm64",
]
BLOCK = 1 << 20
INFO = "bench_demo-1.0.0.dist-info"


def record_hash(digest):
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


for number, (platform, python) in enumerate(itertools.product(PLATFORMS, PYTHONS)):
    if number == count:
        break
    tag = f"{python}-{python}-{platform}"
    block = random.Random(number).randbytes(BLOCK)
    if PACKED:
        # Sixteen different bytes: four bits of each are news.
        block = bytes(65 + byte % 16 for byte in block)
    small = {
        "bench_demo/__init__.py": b'__version__ = "1.0.0"\n',
        f"{INFO}/METADATA": b"Metadata-Version: 2.1\nName: bench-demo\nVersion: 1.0.0\nSummary: Wheels to measure with\n"
        b"Description-Content-Type: text/markdown\n\nWheels to measure with.\n",
        f"{INFO}/WHEEL": f"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    }
    records = []
    with zipfile.ZipFile(folder / f"bench_demo-1.0.0-{tag}.whl", "w", zipfile.ZIP_STORED) as wheel:
        digest, left = hashlib.sha256(), size
        payload = zipfile.ZipInfo("bench_demo/payload.bin", (2026, 1, 1, 0, 0, 0))
        payload.file_size = size
        payload.compress_type = zipfile.ZIP_DEFLATED if PACKED else zipfile.ZIP_STORED
        with wheel.open(payload, "w") as out:
            while left > 0:
                part = block[: min(left, BLOCK)]
                out.write(part)
                digest.update(part)
                left -= len(part)
        records.append(f"bench_demo/payload.bin,{record_hash(digest.digest())},{size}")
        for name, data in small.items():
            wheel.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
            records.append(f"{name},{record_hash(hashlib.sha256(data).digest())},{len(data)}")
        records.append(f"{INFO}/RECORD,,")
        wheel.writestr(zipfile.ZipInfo(f"{INFO}/RECORD", (2026, 1, 1, 0, 0, 0)), "\n".join(records) + "\n")
