"""Damage to files as disks, editors and hostile hands do it. Everything follows from the generator that is passed in."""

import gzip
import re

NUMBERS = [b"NaN", b"-1", b"0", b"1e999", b"-1e999", b"1e-320", b"9223372036854775808", b"18446744073709551616",
           b"99999999999999999999999999", b"1e19", b"-0", b"null", b"true", b'""', b"[]", b"{}", b"inf", b"0x10", b"1,5"]
TOKENS = [b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t\t", b'"', b"[" * 2000, b'{"a":' * 2000, b"\xf0\x9f",
          b"n/a", b",", b"e" * 5000, b"\xe2\x80\xa8", b"--", b"../"]


def mutate(whole, random):
    """`whole` damaged in one of several ways; a compressed file is half the time damaged inside."""
    if whole[:2] == b"\x1f\x8b" and random.random() < 0.5:
        return gzip.compress(mutate(gzip.decompress(whole), random), 6, mtime=0)
    damages = [flips, cut, removed, repeated, zeroed, emptied, swapped]
    if whole[:2] == b"\x1f\x8b":
        pass
    elif b"\x00" in whole[:400]:
        damages += [header, header, header]
    else:
        damages += [number, number, number, token, token, words]
    return random.choice(damages)(bytearray(whole), random)


def flips(data, random):
    for _ in range(random.randint(1, 8)):
        place = random.randrange(min(len(data), 352) if random.random() < 0.5 else len(data))
        data[place] = random.randrange(256)
    return bytes(data)


def cut(data, random):
    return bytes(data[:random.randrange(len(data))])


def span(data, random):
    start = random.randrange(len(data))
    return start, min(len(data), start + random.randint(1, max(1, len(data) // 3)))


def removed(data, random):
    start, end = span(data, random)
    return bytes(data[:start] + data[end:])


def repeated(data, random):
    start, end = span(data, random)
    return bytes(data[:end] + data[start:end] * random.randint(1, 3) + data[end:])


def zeroed(data, random):
    start, end = span(data, random)
    data[start:end] = bytes(end - start)
    return bytes(data)


def emptied(data, random):
    return b"" if random.random() < 0.5 else b"\n"


def swapped(data, random):
    middle = random.randrange(len(data))
    return bytes(data[middle:] + data[:middle])


def header(data, random):
    """A field of a NIfTI-1 header gets a value that a program may trip over."""
    offset, width = random.choice([(40, 2), (42, 2), (44, 2), (46, 2), (48, 2), (70, 2), (76, 4), (80, 4), (108, 4),
                                   (112, 4), (116, 4), (123, 1), (252, 2), (254, 2), (256, 4), (280, 4), (292, 4), (344, 4)])
    values = [b"\x00" * 8, b"\xff" * 8, b"\xff\x7f" * 4, b"\x00\x80" * 4, b"\x00\x00\xc0\x7f" * 2, b"\x00\x00\x80\x7f" * 2,
              b"\x01\x00" * 4, bytes(random.randrange(256) for _ in range(8))]
    data[offset:offset + width] = random.choice(values)[:width]
    return bytes(data)


def number(data, random):
    """A number of a text becomes another, or something that is none."""
    places = list(re.finditer(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?", data))
    if not places:
        return flips(data, random)
    for _ in range(random.randint(1, 2)):
        place = random.choice(places)
        data[place.start():place.end()] = random.choice(NUMBERS)
        places = list(re.finditer(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?", data)) or places[:0]
        if not places:
            break
    return bytes(data)


def token(data, random):
    place = random.randrange(len(data) + 1)
    data[place:place] = random.choice(TOKENS)
    return bytes(data)


def words(data, random):
    """Words of a text change places."""
    parts = re.split(rb"(\s+|,|:)", bytes(data))
    for _ in range(random.randint(1, 3)):
        one, other = random.randrange(len(parts)), random.randrange(len(parts))
        parts[one], parts[other] = parts[other], parts[one]
    return b"".join(parts)
