"""A baseline JPEG encoder for kinds of files that Pillow reads and does not write: any sampling factors, any marker."""
import struct

import numpy as np

ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
# ITU-T T.81, annex K.3: bits and values of the tables for luminance, used for all components
DC = ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], list(range(12)))
AC_BITS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D]
AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738"
    "393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5"
    "a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)


def codes(bits, values):
    table, code, at = {}, 0, 0
    for length, count in enumerate(bits, 1):
        for _ in range(count):
            table[values[at]] = (code, length)
            code, at = code + 1, at + 1
        code <<= 1
    return table


DC_CODES, AC_CODES = codes(*DC), codes(AC_BITS, AC_VALUES)
BASIS = np.array([[np.cos((2 * x + 1) * u * np.pi / 16) * (np.sqrt(1 / 8) if u == 0 else 0.5) for x in range(8)] for u in range(8)])


class Bits:
    def __init__(self):
        self.out, self.hold, self.count = bytearray(), 0, 0

    def put(self, value, length):
        self.hold, self.count = (self.hold << length) | value, self.count + length
        while self.count >= 8:
            byte = (self.hold >> (self.count - 8)) & 255
            self.out += b"\xff\0" if byte == 255 else bytes([byte])
            self.count -= 8
        self.hold &= (1 << self.count) - 1

    def flush(self):
        if self.count:
            self.put((1 << (8 - self.count)) - 1, 8 - self.count)


def put_number(bits, table, run, value):
    size = abs(value).bit_length()
    bits.put(*table[(run << 4) | size])
    if size:
        bits.put(value if value > 0 else value + (1 << size) - 1, size)


def put_block(bits, block, before, step):
    numbers = np.rint(BASIS @ (block - 128.0) @ BASIS.T / step).astype(int).reshape(64)[ZIGZAG]
    put_number(bits, DC_CODES, 0, int(numbers[0] - before))
    run = 0
    last = max(np.flatnonzero(numbers[1:]) + 1, default=0)
    for number in numbers[1 : last + 1]:
        if number == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*AC_CODES[0xF0])
            run -= 16
        put_number(bits, AC_CODES, run, int(number))
        run = 0
    if last < 63:
        bits.put(*AC_CODES[0])
    return int(numbers[0])


def segment(marker, body):
    return struct.pack(">BBH", 255, marker, len(body) + 2) + body


def adobe(transform):
    return segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")


def jpeg(planes, sampling, before=b"", ids=None, step=8, height=None, precision=8, frame=0xC0):
    """planes: full-size uint8 arrays; sampling: (horizontal, vertical) of each; before: segments after SOI."""
    rows, columns = planes[0].shape
    most_h, most_v = max(h for h, _ in sampling), max(v for _, v in sampling)
    ids = ids or list(range(1, len(planes) + 1))
    if len(planes) == 1:
        most_h = most_v = 1
        blocks = [(1, 1)]
    else:
        blocks = sampling
    across, down = -(-columns // (8 * most_h)), -(-rows // (8 * most_v))
    small = []
    for plane, (h, v) in zip(planes, blocks):
        padded = np.pad(plane.astype(float), ((0, down * 8 * most_v - rows), (0, across * 8 * most_h - columns)), "edge")
        # every (most / own)-th sample: what a decoder makes of them is what is tested, not how they were made
        ys = (np.arange(down * 8 * v) * most_v) // v
        xs = (np.arange(across * 8 * h) * most_h) // h
        small.append(padded[np.ix_(ys, xs)])
    bits, last = Bits(), [0] * len(planes)
    for y in range(down):
        for x in range(across):
            for c, (h, v) in enumerate(blocks):
                for j in range(v):
                    for i in range(h):
                        top, left = (y * v + j) * 8, (x * h + i) * 8
                        last[c] = put_block(bits, small[c][top : top + 8, left : left + 8], last[c], step)
    bits.flush()
    sof = struct.pack(">BHHB", precision, rows if height is None else height, columns, len(planes))
    sof += b"".join(bytes([i, (h << 4) | v, 0]) for i, (h, v) in zip(ids, sampling))
    sos = bytes([len(planes)]) + b"".join(bytes([i, 0]) for i in ids) + b"\0\x3f\0"
    tables = segment(0xDB, b"\0" + bytes([step] * 64)) + segment(frame, sof)
    tables += segment(0xC4, b"\0" + bytes(DC[0]) + bytes(DC[1])) + segment(0xC4, b"\x10" + bytes(AC_BITS) + AC_VALUES)
    return b"\xff\xd8" + before + tables + segment(0xDA, sos) + bytes(bits.out) + b"\xff\xd9"
