"""Makes the files beside this one, and writes down what Pillow's `Image.open(...).convert("RGB")` gives for each.

python make.py  (Pillow 13.0.0 with libjpeg-turbo 3.2.0 and libwebp 1.6.0, numpy 2; jpegtran for arithmetic coding)

The pictures are three public-domain photographs of the sample, scaled to some 60 x 46 pixels.
"""
import hashlib
import io
import json
import pathlib
import shutil
import struct
import subprocess
import tarfile
import warnings
import zlib

import numpy as np
from PIL import Image, ImageCms

from jpeg_encoder import JFIF, adobe, jpeg, segment
from png_writer import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, SIGNATURE, chunk, png, raw_data

here = pathlib.Path(__file__).parent
FREE = {"Public Domain Mark 1.0", "CC0 1.0"}
made = []


def photographs(sizes):
    found = []
    with tarfile.open(here / "../../../data/sample/pool/pool_00000.tar") as tar:
        members = tar.getmembers()
        for text, picture in zip(members[::2], members[1::2]):
            if json.load(tar.extractfile(text))["license"] in FREE and len(found) < len(sizes):
                image = Image.open(io.BytesIO(tar.extractfile(picture).read())).convert("RGB")
                found.append(image.resize(sizes[len(found)], Image.LANCZOS))
    return found


first, second, third = photographs([(61, 47), (58, 33), (48, 64)])
pixels = np.array(first)
rows, columns = pixels.shape[:2]
noise = np.random.default_rng(5)


def add(kind, name, data):
    (here / "files" / name).write_bytes(data)
    made.append((kind, name))


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def swapped_profile():
    """An sRGB profile of a fixed date whose red and blue are exchanged: whoever applies it cannot be overlooked."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile[:24] + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + profile[36:]
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()


def jpegs():
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        name = subsampling.replace(":", "")
        for image, quality in ((first, 90), (second, 30), (third, 100)):
            add("JPEG, baseline", f"{name}-q{quality}.jpg", saved(image, "JPEG", subsampling=subsampling, quality=quality))
        add("JPEG, progressive", f"{name}-progressive.jpg", saved(second, "JPEG", subsampling=subsampling, progressive=True, quality=80))
    add("JPEG, baseline", "restart.jpg", saved(first, "JPEG", restart_marker_blocks=3, optimize=True, quality=70))
    add("JPEG, baseline", "one-pixel.jpg", saved(first.crop((9, 9, 10, 10)), "JPEG"))
    add("JPEG, baseline", "one-row.jpg", saved(first.resize((700, 1)), "JPEG"))
    add("JPEG, baseline", "one-column.jpg", saved(first.resize((1, 700)), "JPEG"))
    add("JPEG, grey", "grey.jpg", saved(first.convert("L"), "JPEG"))
    add("JPEG, grey", "grey-progressive.jpg", saved(second.convert("L"), "JPEG", progressive=True, quality=40))
    add("JPEG, EXIF orientation", "orientation-6.jpg", saved(first, "JPEG", exif=orientation(6)))
    add("JPEG, EXIF orientation", "orientation-3-progressive.jpg", saved(second, "JPEG", exif=orientation(3), progressive=True))
    add("JPEG, ICC profile", "icc.jpg", saved(first, "JPEG", icc_profile=swapped_profile()))
    add("JPEG, RGB", "rgb-adobe.jpg", saved(first, "JPEG", keep_rgb=True))
    add("JPEG, CMYK", "cmyk-adobe.jpg", saved(cmyk(), "JPEG", quality=92))
    add("JPEG, CMYK", "cmyk-adobe-progressive.jpg", saved(cmyk(), "JPEG", progressive=True))
    add("JPEG, CMYK", "cmyk-icc.jpg", saved(cmyk(), "JPEG", icc_profile=swapped_profile()))
    add("JPEG, several pictures (MPO)", "two.mpo.jpg", saved(first, "MPO", save_all=True, append_images=[second]))


def cmyk():
    """Inks with a black of its own: Pillow's own conversion gives none."""
    inks = np.array(first.convert("CMYK"))
    inks[..., 3] = 255 - np.array(first.convert("L"))
    return Image.fromarray(inks, "CMYK")


def made_jpegs():
    ycc = [np.array(band) for band in first.convert("YCbCr").split()]
    rgb = [np.array(band) for band in first.split()]
    for name, sampling in {
        "440": [(1, 2), (1, 1), (1, 1)],
        "411": [(4, 1), (1, 1), (1, 1)],
        "410": [(4, 2), (1, 1), (1, 1)],
        "441": [(1, 4), (1, 1), (1, 1)],
        "uneven": [(2, 2), (1, 2), (2, 1)],
        "luma-low": [(1, 1), (2, 2), (2, 2)],
        "third": [(3, 1), (1, 1), (1, 1)],
        "three-halves": [(3, 1), (2, 1), (2, 1)],
    }.items():
        add("JPEG, other sub-sampling", f"sampling-{name}.jpg", jpeg(ycc, sampling, JFIF))
    full, half = [(1, 1)] * 3, [(2, 2), (1, 1), (1, 1)]
    add("JPEG, grey", "grey-sampling-22.jpg", jpeg(ycc[:1], [(2, 2)], JFIF))
    add("JPEG, grey", "grey-bare.jpg", jpeg(ycc[:1], [(1, 1)]))
    add("JPEG, baseline", "no-marker.jpg", jpeg(ycc, half))
    add("JPEG, baseline", "no-marker-ids-0.jpg", jpeg(ycc, half, ids=[0, 1, 2]))
    add("JPEG, baseline", "no-marker-ids-odd.jpg", jpeg(ycc, half, ids=[7, 8, 9]))
    add("JPEG, RGB", "rgb-by-ids.jpg", jpeg(rgb, full, ids=[82, 71, 66]))
    add("JPEG, RGB", "rgb-adobe-0.jpg", jpeg(rgb, full, adobe(0)))
    add("JPEG, RGB", "rgb-adobe-0-jfif.jpg", jpeg(rgb, full, JFIF + adobe(0)))
    add("JPEG, RGB", "rgb-adobe-0-sampled.jpg", jpeg(rgb, half, adobe(0)))
    add("JPEG, baseline", "adobe-1.jpg", jpeg(ycc, half, adobe(1)))
    add("JPEG, baseline", "adobe-9.jpg", jpeg(ycc, half, adobe(9)))
    inks = [np.array(band) for band in cmyk().split()]
    ycck = [np.array(band) for band in Image.merge("RGB", cmyk().split()[:3]).convert("YCbCr").split()] + [inks[3]]
    add("JPEG, CMYK", "cmyk-bare.jpg", jpeg(inks, [(1, 1)] * 4))
    add("JPEG, CMYK", "cmyk-jfif.jpg", jpeg(inks, [(1, 1)] * 4, JFIF))
    add("JPEG, CMYK", "cmyk-sampled.jpg", jpeg(inks, [(2, 2), (1, 1), (1, 1), (2, 2)], adobe(0)))
    add("JPEG, YCCK", "ycck-adobe.jpg", jpeg(ycck, [(1, 1)] * 4, adobe(2)))
    add("JPEG, YCCK", "ycck-sampled.jpg", jpeg(ycck, [(2, 2), (1, 1), (1, 1), (2, 2)], adobe(2)))
    add("JPEG, YCCK", "ycck-adobe-jfif.jpg", jpeg(ycck, [(1, 1)] * 4, JFIF + adobe(2)))
    add("JPEG, CMYK", "cmyk-adobe-1.jpg", jpeg(inks, [(1, 1)] * 4, adobe(1)))
    add("JPEG, two components", "two-components.jpg", jpeg(ycc[:2], [(1, 1)] * 2))
    add("JPEG, 12 bits", "twelve-bits.jpg", jpeg(ycc, full, JFIF, precision=12, frame=0xC1))
    add("JPEG, lossless", "lossless-frame.jpg", jpeg(ycc, full, JFIF, frame=0xC3))
    add("JPEG, baseline", "extended-frame.jpg", jpeg(ycc, full, JFIF, frame=0xC1))
    add("JPEG, height unknown", "height-0.jpg", jpeg(ycc, full, JFIF, height=0))
    if shutil.which("jpegtran"):
        for name, options in {"arithmetic": [], "arithmetic-progressive": ["-progressive"]}.items():
            call = ["jpegtran", "-arithmetic", *options]
            data = subprocess.run(call, input=saved(first, "JPEG"), stdout=subprocess.PIPE, check=True).stdout
            add("JPEG, arithmetic", f"{name}.jpg", data)


def harmed_jpegs():
    data = saved(first, "JPEG", quality=85)
    progressive = saved(first, "JPEG", quality=85, progressive=True)
    scan = data.index(b"\xff\xda")
    add("JPEG, bytes after its end", "tail.jpg", data + b"tail" * 9)
    add("JPEG, bytes after its end", "tail-zero.jpg", data + bytes(4096))
    add("JPEG, no end marker", "no-end.jpg", data[:-2])
    add("JPEG, no end marker", "no-end-progressive.jpg", progressive[:-2])
    add("JPEG, truncated", "truncated-half.jpg", data[: (len(data) + scan) // 2])
    add("JPEG, truncated", "truncated-by-9.jpg", data[:-9])
    add("JPEG, truncated", "truncated-progressive.jpg", progressive[: len(progressive) * 3 // 4])
    scans = [at for at in range(len(progressive) - 1) if progressive[at : at + 2] == b"\xff\xda"]
    tables = [progressive.rindex(b"\xff\xc4", 0, at) for at in scans]
    for count in (1, 2, 3, 5, 8):
        add("JPEG, scans missing", f"scans-{count}.jpg", progressive[: tables[count]] + b"\xff\xd9")
    add("JPEG, truncated", "truncated-before-scan.jpg", data[: scan + 2])
    add("JPEG, truncated", "truncated-in-header.jpg", data[:120])
    add("JPEG, truncated", "truncated-to-start.jpg", data[:2])
    add("JPEG, truncated", "truncated-to-3.jpg", data[:3])
    for at in (40, 333, 700):
        harmed = bytearray(data)
        harmed[scan + 14 + at : scan + 17 + at] = bytes(b ^ 0x55 for b in harmed[scan + 14 + at : scan + 17 + at])
        add("JPEG, data harmed", f"harmed-{at}.jpg", bytes(harmed))
    zeros = bytearray(data)
    zeros[scan + 300 : scan + 500] = bytes(200)
    add("JPEG, data harmed", "harmed-zeros.jpg", bytes(zeros))
    restarts = saved(first, "JPEG", restart_marker_blocks=2)
    at = restarts.index(b"\xff\xd2")
    add("JPEG, data harmed", "restart-lost.jpg", restarts[:at] + restarts[at + 2 :])
    add("JPEG, data harmed", "marker-in-data.jpg", data[: scan + 400] + b"\xff\xd9" + data[scan + 400 :])
    add("JPEG, data harmed", "marker-unknown.jpg", data[: scan + 400] + b"\xff\x23" + data[scan + 400 :])
    add("JPEG, data harmed", "no-tables.jpg", data.replace(b"\xff\xc4", b"\xff\xe5"))
    add("JPEG, bytes between segments", "fill-bytes.jpg", data[:2] + b"\xff" * 7 + data[2:])
    add("JPEG, bytes between segments", "stray-bytes.jpg", data[:2] + b"\x12\x34" + data[2:])
    at = data.index(b"\xff\xdb")
    add("JPEG, bytes between segments", "stray-bytes-later.jpg", data[:at] + b"\x12\x34\x56" + data[at:])
    add("JPEG, bytes between segments", "comment.jpg", data[:2] + segment(0xFE, b"a comment \xff\xd9\xff\xda") + data[2:])
    add("JPEG, two frames", "two-frames.jpg", data[:scan] + data[data.index(b"\xff\xc0") : scan] + data[scan:])
    add("JPEG, wrong extension", "jpeg-in.png", data)


def shades(depth, channels):
    """The photograph in the depth; in 16 bits with low bytes of its own and, where it is grey, dark parts below 256."""
    grey = np.array(first.convert("L"))
    full = {1: grey[..., None], 2: np.dstack([grey, grey[::-1]]), 3: pixels, 4: np.dstack([pixels, grey[:, ::-1]])}[channels]
    if depth < 8:
        return full >> (8 - depth)
    if depth == 8:
        return full
    return (full.astype(int) << 8) + noise.integers(0, 256, full.shape)


def pngs():
    for colour, word in ((GREY, "grey"), (RGB, "rgb"), (GREY_ALPHA, "grey-alpha"), (RGBA, "rgba")):
        for depth in (1, 2, 4, 8, 16) if colour == GREY else (8, 16):
            values = shades(depth, {GREY: 1, RGB: 3, GREY_ALPHA: 2, RGBA: 4}[colour])
            kind = "PNG, 16-bit grey" if depth == 16 and colour == GREY else f"PNG, {word.replace('-', ' and ').replace('rgba', 'RGB and alpha').replace('rgb', 'RGB')}"
            for interlaced in (False, True):
                add(kind, f"{word}-{depth}{'-interlaced' if interlaced else ''}.png", png(values, depth, colour, interlaced))
            if colour in (GREY, RGB):
                key = struct.pack(">" + "H" * values.shape[2], *[int(v) for v in values[5, 7]])
                add(kind, f"{word}-{depth}-trns.png", png(values, depth, colour, before=[chunk(b"tRNS", key)]))
    dark = (shades(8, 1).astype(int) * 3 // 2).astype(int)
    add("PNG, 16-bit grey", "grey-16-dark.png", png(dark, 16, GREY))
    for depth in (1, 2, 4, 8):
        size = 1 << depth
        small = first.quantize(size)
        colours = bytes(small.getpalette("RGB")[: 3 * size]).ljust(3 * size, b"\x40")
        values = np.array(small)[..., None]
        plain = [chunk(b"PLTE", colours)]
        for interlaced in (False, True):
            add("PNG, palette", f"palette-{depth}{'-interlaced' if interlaced else ''}.png", png(values, depth, PALETTE, interlaced, plain))
        alphas = bytes(noise.integers(0, 256, size, np.uint8))
        add("PNG, palette with transparency", f"palette-{depth}-trns.png", png(values, depth, PALETTE, before=[*plain, chunk(b"tRNS", alphas)]))
        one = b"\xff" * (size - 1) + b"\0"
        add("PNG, palette with transparency", f"palette-{depth}-trns-one.png", png(values, depth, PALETTE, before=[*plain, chunk(b"tRNS", one)]))
    values = np.array(first.quantize(256))[..., None]
    colours = bytes(first.quantize(256).getpalette("RGB"))
    add("PNG, palette too short", "palette-short.png", png(values, 8, PALETTE, before=[chunk(b"PLTE", colours[: 3 * 100])]))
    add("PNG, palette missing", "palette-none.png", png(values, 8, PALETTE))


def marked_pngs():
    profile = zlib.compress(swapped_profile())
    chunks = {
        "gamma": [chunk(b"gAMA", struct.pack(">I", 100000))],
        "chromaticities": [chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 15000, 6000, 30000, 60000, 64000, 33000))],
        "srgb": [chunk(b"sRGB", b"\0")],
        "icc": [chunk(b"iCCP", b"swapped\0\0" + profile)],
        "significant-bits": [chunk(b"sBIT", bytes([5, 6, 5]))],
        "background": [chunk(b"bKGD", struct.pack(">3H", 200, 10, 10))],
        "orientation": [chunk(b"eXIf", orientation(6)[6:])],
        "text": [chunk(b"tEXt", b"Comment\0a text"), chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 999))],
        "unknown-chunk": [chunk(b"gpIc", b"private")],
    }
    for name, before in chunks.items():
        add("PNG, gamma, profile, background, orientation", f"chunk-{name}.png", png(pixels, 8, RGB, before=before))
    background = [chunk(b"bKGD", struct.pack(">3H", 200, 10, 10))]
    add("PNG, gamma, profile, background, orientation", "background-rgba.png", png(shades(8, 4), 8, RGBA, before=background))
    add("PNG, gamma, profile, background, orientation", "gamma-rgba-16.png", png(shades(16, 4), 16, RGBA, before=chunks["gamma"]))
    add("PNG, gamma, profile, background, orientation", "gamma-grey-16.png", png(shades(16, 1), 16, GREY, before=chunks["gamma"]))
    add("PNG, gamma, profile, background, orientation", "icc-grey.png", png(shades(8, 1), 8, GREY, before=chunks["icc"]))
    frames = [first, second.resize(first.size)]
    add("PNG, animated", "animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]))
    add("PNG, animated", "animated-default.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True))
    add("PNG, animated", "animated-rgba.png", saved(first.convert("RGBA"), "PNG", save_all=True, append_images=[second.resize(first.size).convert("RGBA")], blend=1))
    add("PNG, one pixel", "one-pixel.png", png(pixels[9:10, 9:10], 8, RGB))
    add("PNG, one pixel", "one-pixel-interlaced.png", png(pixels[9:10, 9:10], 8, RGB, interlaced=True))


def harmed_pngs():
    whole = png(pixels, 8, RGB)
    data = zlib.compress(raw_data(pixels, 8, False), 9)
    add("PNG, bytes after its end", "tail.png", whole + b"tail" * 9)
    add("PNG, no end chunk", "no-end.png", png(pixels, 8, RGB, after=b""))
    add("PNG, truncated", "truncated-half.png", whole[: len(whole) // 2])
    add("PNG, truncated", "truncated-in-end.png", whole[:-4])
    add("PNG, truncated", "truncated-crc.png", whole[:-14])
    add("PNG, truncated", "truncated-in-header.png", whole[:20])
    add("PNG, truncated", "truncated-to-signature.png", whole[:8])
    add("PNG, truncated", "truncated-before-data.png", whole[:33])
    add("PNG, data chunks", "many-chunks.png", png(pixels, 8, RGB, idat=lambda d: b"".join(chunk(b"IDAT", d[i : i + 99]) for i in range(0, len(d), 99))))
    add("PNG, data chunks", "empty-chunks.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT") + chunk(b"IDAT", d) + chunk(b"IDAT")))
    add("PNG, data chunks", "extra-data.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", zlib.compress(raw_data(pixels, 8, False) + b"extra" * 99))))
    add("PNG, data chunks", "extra-bytes.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", d + b"extra")))
    add("PNG, data missing", "short-data.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", zlib.compress(raw_data(pixels[:30], 8, False)))))
    add("PNG, data missing", "no-data.png", png(pixels, 8, RGB, idat=lambda d: b""))
    add("PNG, check sum wrong", "crc-data.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", d, 1)))
    half = len(data) // 2
    add("PNG, check sum wrong", "crc-first-of-two.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", d[:half], 1) + chunk(b"IDAT", d[half:])))
    add("PNG, check sum wrong", "crc-end.png", png(pixels, 8, RGB, after=chunk(b"IEND", b"", 1)))
    add("PNG, check sum wrong", "crc-header.png", whole[:29] + bytes([whole[29] ^ 1]) + whole[30:])
    add("PNG, check sum wrong", "crc-text.png", png(pixels, 8, RGB, before=[chunk(b"tEXt", b"a\0b", 1)]))
    add("PNG, check sum wrong", "crc-private.png", png(pixels, 8, RGB, before=[chunk(b"gpIc", b"b", 1)]))
    add("PNG, check sum wrong", "adler.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", d[:-4] + b"\0\0\0\0")))
    harmed = bytearray(data)
    harmed[half : half + 3] = bytes(b ^ 0x55 for b in harmed[half : half + 3])
    add("PNG, data harmed", "harmed.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", bytes(harmed))))
    rows_of_9 = bytearray(raw_data(pixels, 8, False))
    rows_of_9[0] = 9
    add("PNG, data harmed", "filter-9.png", png(pixels, 8, RGB, idat=lambda d: chunk(b"IDAT", zlib.compress(bytes(rows_of_9)))))
    add("PNG, header wrong", "depth-3.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 3, 2, 0, 0, 0)) + whole[33:])
    add("PNG, header wrong", "width-0.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, rows, 8, 2, 0, 0, 0)) + whole[33:])
    add("PNG, header wrong", "critical-unknown.png", png(pixels, 8, RGB, before=[chunk(b"GPIC", b"critical")]))
    add("PNG, bomb", "bomb.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 20000, 8, 0, 0, 0, 0)) + whole[33:])
    add("PNG, wrong extension", "png-in.jpg", whole)


def webps():
    add("WebP, lossy", "lossy.webp", saved(first, "WEBP", quality=80))
    add("WebP, lossy", "lossy-q5.webp", saved(second, "WEBP", quality=5))
    add("WebP, lossless", "lossless.webp", saved(first.crop((0, 0, 40, 30)), "WEBP", lossless=True))
    alpha = first.copy()
    alpha.putalpha(Image.fromarray(np.array(first.convert("L"))[:, ::-1]))
    holes = first.copy()
    holes.putalpha(Image.fromarray(((np.indices((rows, columns)).sum(0) // 9) % 2 * 255).astype(np.uint8)))
    small = holes.crop((0, 0, 40, 30))
    add("WebP, alpha", "lossy-alpha.webp", saved(alpha, "WEBP", quality=80))
    add("WebP, alpha", "lossy-holes.webp", saved(holes, "WEBP", quality=80))
    add("WebP, alpha", "lossless-holes.webp", saved(small, "WEBP", lossless=True))
    add("WebP, alpha", "lossless-holes-exact.webp", saved(small, "WEBP", lossless=True, exact=True))
    add("WebP, profile, orientation", "icc.webp", saved(first, "WEBP", icc_profile=swapped_profile()))
    add("WebP, profile, orientation", "orientation-6.webp", saved(first, "WEBP", exif=orientation(6)))
    later = [second.resize(first.size), third.resize(first.size)]
    add("WebP, animated", "animated.webp", saved(first, "WEBP", save_all=True, append_images=later, duration=50))
    add("WebP, animated", "animated-alpha.webp", saved(holes, "WEBP", save_all=True, append_images=[i.convert("RGBA") for i in later], duration=50))
    add("WebP, animated", "animated-background.webp", saved(holes, "WEBP", save_all=True, append_images=[i.convert("RGBA") for i in later], background=(200, 10, 10, 255)))
    add("WebP, animated, first frame smaller", "animated-offset.webp", placed(saved(first, "WEBP", quality=70), 10, 6, 90, 70, b"\0\0\0\0"))
    add("WebP, animated, first frame smaller", "animated-offset-background.webp", placed(saved(first, "WEBP", quality=70), 10, 6, 90, 70, b"\x0a\x0a\xc8\xff"))
    data = saved(first, "WEBP", quality=80)
    add("WebP, bytes after its end", "tail.webp", data + b"tail" * 9)
    add("WebP, truncated", "truncated-half.webp", data[: len(data) // 2])
    add("WebP, truncated", "truncated-by-9.webp", data[:-9])
    add("WebP, truncated", "truncated-in-header.webp", data[:20])
    add("WebP, truncated", "truncated-to-12.webp", data[:12])
    harmed = bytearray(data)
    harmed[400:410] = bytes(10)
    add("WebP, data harmed", "harmed.webp", bytes(harmed))
    lossless = bytearray(saved(first.crop((0, 0, 40, 30)), "WEBP", lossless=True))
    lossless[300:310] = bytes(10)
    add("WebP, data harmed", "harmed-lossless.webp", bytes(lossless))
    add("WebP, wrong extension", "webp-in.jpg", data)


def placed(data, x, y, width, height, background):
    """An animation of one frame, of a still picture put somewhere on a canvas."""
    def three(n):
        return struct.pack("<I", n)[:3]

    inner = data[12:]
    frame = three(x // 2) + three(y // 2) + three(columns - 1) + three(rows - 1) + three(100) + b"\0" + inner
    body = b"WEBP" + riff(b"VP8X", b"\x02\0\0\0" + three(width - 1) + three(height - 1))
    body += riff(b"ANIM", background + b"\0\0") + riff(b"ANMF", frame) + riff(b"ANMF", frame)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def others():
    small = first.crop((0, 0, 20, 15))
    for form in ("GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM"):
        add("other formats", f"other.{form.lower()}", saved(small, form))
    add("other formats", "bigtiff.tiff", saved(small, "TIFF", big_tiff=True))
    add("other formats", "other.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="15"><rect width="9" height="9"/></svg>')
    add("other formats", "other.pdf", b"%PDF-1.4\n%%EOF\n")
    add("other formats", "gif-in.jpg", saved(small, "GIF"))
    add("no image", "empty.jpg", b"")
    add("no image", "text.png", b"this is no picture\n")
    add("no image", "page.jpg", b"<!DOCTYPE html><html><body>404</body></html>")
    add("no image", "zeros.jpg", bytes(500))
    add("no image", "noise.png", bytes(noise.integers(0, 256, 500, np.uint8)))


def by_pillow(path):
    # stricter than Pillow is by default: a warning of a bomb is none, everything else that it says is kept
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                mode = image.mode
                rgb = image.convert("RGB")
            digest = hashlib.sha256(rgb.tobytes()).hexdigest()
            return {"mode": mode, "width": rgb.width, "height": rgb.height, "sha256": digest}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {str(error).replace(str(path), path.name).replace(str(path.parent), '.')}"}


(here / "files").mkdir(exist_ok=True)
for old in (here / "files").iterdir():
    old.unlink()
for part in (jpegs, made_jpegs, harmed_jpegs, pngs, marked_pngs, harmed_pngs, webps, others):
    part()
rows_out = ",\n".join(" " + json.dumps({"kind": kind, "file": name, **by_pillow(here / "files" / name)}) for kind, name in made)
(here / "expected.json").write_text(f"[\n{rows_out}\n]\n")
