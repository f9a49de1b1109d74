"""PNG of every colour type, depth and order of rows, chunk by chunk, for kinds of files that Pillow does not write."""
import struct
import zlib

import numpy as np

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# PNG (third edition), 8.1: start and step of each pass of Adam7, down and across
ADAM7 = [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1)]


def chunk(name, body=b"", wrong_crc=0):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body) ^ wrong_crc)


def packed_row(row, depth):
    values = row.reshape(-1)
    if depth == 16:
        return values.astype(">u2").tobytes()
    if depth == 8:
        return values.astype(np.uint8).tobytes()
    bits = ((values[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
    return np.packbits(bits.reshape(-1)).tobytes()


def filtered(rows, bytes_a_pixel):
    """Filter types 0 to 4 in turn, so that each is met."""
    out, above = bytearray(), None
    for y, row in enumerate(rows):
        kind = y % 5
        line = np.frombuffer(row, np.uint8).astype(int)
        up = np.zeros_like(line) if above is None else above
        left = np.concatenate([np.zeros(bytes_a_pixel, int), line])[: len(line)]
        corner = np.concatenate([np.zeros(bytes_a_pixel, int), up])[: len(line)]
        guess = left + up - corner
        a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
        paeth = np.where((a <= b) & (a <= c), left, np.where(b <= c, up, corner))
        out += bytes([kind]) + ((line - [0, left, up, (left + up) // 2, paeth][kind]) % 256).astype(np.uint8).tobytes()
        above = line
    return bytes(out)


def raw_data(values, depth, interlaced):
    """values: height x width x channels; the bytes that are compressed."""
    bytes_a_pixel = max(1, values.shape[2] * depth // 8)
    passes = [values[a::b, c::d] for a, b, c, d in ADAM7] if interlaced else [values]
    return b"".join(filtered([packed_row(row, depth) for row in part], bytes_a_pixel) for part in passes if part.size)


def png(values, depth, colour, interlaced=False, before=(), idat=None, after=None):
    """before: chunks between IHDR and IDAT; idat, after: what stands in place of the data, of IEND."""
    height, width = values.shape[:2]
    data = zlib.compress(raw_data(values.reshape(height, width, CHANNELS[colour]), depth, interlaced), 9)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    middle = chunk(b"IDAT", data) if idat is None else idat(data)
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(before) + middle + (chunk(b"IEND") if after is None else after)
