"""The adapters' side of protocol.mjs, for peers written in Python."""
import json
import struct
import sys
import time


def serve(about, pictures):
    """about() tells versions or raises ImportError; pictures(ask) yields (seconds, RGB array)."""
    ask = json.loads(sys.argv[1])
    try:
        text = about()
    except ImportError as error:
        if ask["mode"] != "about":
            raise
        print(json.dumps({"missing": str(error)}))
        return
    if ask["mode"] == "about":
        print(json.dumps({"about": f"{text}, Python {sys.version.split()[0]}"}))
    elif ask["mode"] == "verify":
        for timestamp, picture in pictures(ask):
            height, width, _ = picture.shape
            sys.stdout.buffer.write(struct.pack("<dII", timestamp, width, height))
            sys.stdout.buffer.write(picture.tobytes())
        sys.stdout.buffer.flush()
    else:
        print(json.dumps(hold_all(ask, pictures)))


def hold_all(ask, pictures):
    import numpy

    started = time.perf_counter()
    batch = None
    if ask.get("batch"):
        batch = numpy.empty((len(ask["times"]), ask["height"], ask["width"], 3), numpy.uint8)
    frames = 0
    seconds = 0
    touched = 0
    for _, picture in pictures(ask):
        if frames == 0:
            seconds = time.perf_counter() - started
        if batch is not None:
            batch[frames] = picture
        # One byte of every page: memory that nobody reads need not have been written.
        touched += int(picture.reshape(-1)[::4096].sum(dtype=numpy.int64))
        frames += 1
    return {"frames": frames, "seconds": seconds, "touched": touched}


def wanted_times(ask):
    """Times to take pictures at, ascending; None: every frame."""
    if ask["frames"] == "times":
        return ask["times"]
    if ask["frames"] != "grid":
        return None
    count = -int(-(ask["end"] * ask["fps"] - 1e-6) // 1)
    return [k / ask["fps"] for k in range(count)]


def within(ask, timestamp):
    return ask["end"] is None or timestamp < ask["end"] - 1e-6
