"""Measures small rgb24 pictures with numpy and OpenCV: the second opinion on framemill's measurements.

Reads pictures from standard input, one after the other; arguments: width, height. Writes one JSON object of columns.
Parameters of the content and hash columns are those of PySceneDetect's ContentDetector and HashDetector.
"""
import json
import sys

import cv2
import numpy as np

width, height = int(sys.argv[1]), int(sys.argv[2])
bytes_of_one = width * height * 3


def pictures():
    while True:
        data = sys.stdin.buffer.read(bytes_of_one)
        if len(data) < bytes_of_one:
            return
        yield np.frombuffer(data, np.uint8).reshape(height, width, 3)


def edges_of(value):
    median = np.median(value)
    low, high = int(max(0, median * 2 / 3)), int(min(255, median * 4 / 3))
    size = 4 + round((width * height) ** 0.5 / 192)
    size += 1 - size % 2
    return cv2.dilate(cv2.Canny(value, low, high), np.ones((size, size), np.uint8))


def hash_of(gray, side):
    cells = cv2.resize(gray, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = np.round(cv2.dct(cells)[:side, :side] * 64) / 64  # a flat picture has no structure
    return low > np.median(low)


def mean_difference(one, other):
    return float(np.abs(one.astype(np.int32) - other.astype(np.int32)).mean())


def colorfulness_of(rgb):
    r, g, b = (rgb[..., i].astype(np.float64) for i in range(3))
    rg, yb = r - g, 0.5 * (r + g) - b
    return float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))


def flow_of(before, now):
    flow = cv2.calcOpticalFlowFarneback(before, now, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    return float(np.hypot(flow[..., 0], flow[..., 1]).mean() / width), float(np.median(flow[..., 0]) / width), float(np.median(flow[..., 1]) / height)


columns = {}


def add(name, value):
    columns.setdefault(name, []).append(value)


before = None
for rgb in pictures():
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    histogram = cv2.calcHist([gray], [0], None, [256], [0, 256])
    now = dict(gray=gray, hsv=hsv, edges=edges_of(hsv[..., 2]), histogram=histogram, fine=hash_of(gray, 16))
    laplacian = cv2.Laplacian(gray.astype(np.float64), cv2.CV_64F)[1:-1, 1:-1]
    add("luma", float(gray.mean()))
    add("brightness", float(rgb.mean()))
    add("contrast", float(gray.std()))
    add("sharpness", float(laplacian.var()))
    add("colorfulness", colorfulness_of(rgb))
    add("black", float((gray <= 25).mean()))
    add("white", float((gray >= 230).mean()))
    add("hash", sum(1 << i for i, bit in enumerate(hash_of(gray, 8).flatten()) if bit).to_bytes(8, "little").hex())
    if before is not None:
        for i, name in enumerate(("deltaHue", "deltaSat", "deltaLum")):
            add(name, mean_difference(hsv[..., i], before["hsv"][..., i]))
        add("deltaEdges", mean_difference(now["edges"], before["edges"]))
        add("difference", mean_difference(gray, before["gray"]))
        add("histogramCorrelation", float(cv2.compareHist(before["histogram"], histogram, cv2.HISTCMP_CORREL)))
        add("hashDistance", float((now["fine"] != before["fine"]).mean()))
        motion, pan_x, pan_y = flow_of(before["gray"], gray)
        add("motion", motion)
        add("panX", pan_x)
        add("panY", pan_y)
    before = now
json.dump(columns, sys.stdout)
