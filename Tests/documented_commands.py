"""The commands of a page: prints those of its ```sh blocks, each ended by a NUL.

usage: documented_commands.py PAGE.md
       documented_commands.py --join VOLUME.nii.gz... SERIES.nii.gz     (3-D images of one grid become a series)
"""
import gzip
import pathlib
import re
import struct
import sys


def commands(page):
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.S | re.M):
        # A command goes on in the next line after a backslash; a comment is none.
        for line in block.replace("\\\n", " ").splitlines():
            line = re.sub(r"\s+#.*$", "", line).strip()
            if line and not line.startswith("#"):
                yield re.sub(r"\s+", " ", line)


def join(volumes, series):
    contents = [gzip.open(volume).read() for volume in volumes]
    header = bytearray(contents[0][:352])
    extents = list(struct.unpack_from("<8h", header, 40))
    extents[0], extents[4] = 4, len(contents)
    struct.pack_into("<8h", header, 40, *extents)
    with gzip.open(series, "wb") as file:
        file.write(bytes(header) + b"".join(content[352:] for content in contents))


if sys.argv[1] == "--join":
    join(sys.argv[2:-1], sys.argv[-1])
else:
    sys.stdout.write("".join(command + "\0" for command in commands(pathlib.Path(sys.argv[1]).read_text())))
