"""OpenCV: what a video shows and sounds like, measured twice a second, in two ways that people write it.

Called with one argument, a JSON object: file, fps, way ("two-passes" or "one-pass"), processes. Prints the curves as JSON: timestamp in
seconds, difference to the analysed frame before (null for the first), correlation of histograms, and the RMS of the sound.
"""
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import wave

import cv2
import numpy

SOUND_WINDOW = 0.01
SMALL_WIDTH = 256
QUIET_FFMPEG = ["ffmpeg", "-hide_banner", "-nostdin", "-v", "error"]


def main():
    ask = json.loads(sys.argv[1])
    measure = {"two-passes": two_passes, "one-pass": one_pass}[ask["way"]]
    print(json.dumps(measure(ask["file"], ask["fps"], ask["processes"])))


def two_passes(path, fps, _):
    """Every frame is read in full, twice: once for scenes, once for motion. Sound goes through a WAV file."""
    scenes, motion = [], []
    before = None
    for timestamp, gray in read_all(path, fps):
        histogram = cv2.calcHist([gray], [0], None, [256], [0, 256])
        scenes.append((timestamp, correlation(before, histogram)))
        before = histogram
    before = None
    for _, gray in read_all(path, fps):
        motion.append(difference(before, gray))
        before = gray
    return curves([(timestamp, moved, alike) for (timestamp, alike), moved in zip(scenes, motion)], sound_by_file(path))


def read_all(path, fps):
    """Each step'th frame, gray, at full size; the others are read all the same."""
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    step = step_of(capture, fps)
    number = 0
    while True:
        is_read, picture = capture.read()
        if not is_read:
            return
        if number % step == 0:
            yield seconds_of(capture, number), cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        number += 1


def one_pass(path, fps, processes):
    """Each process has a stretch of the video; frames that are not wanted are decoded but never converted. Sound comes through a pipe."""
    sound = subprocess.Popen(sound_command(path, "pipe:1", "s16le"), stdout=subprocess.PIPE)
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    step = step_of(capture, fps)
    wanted = range(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), step)
    capture.release()
    borders = [len(wanted) * part // processes for part in range(processes + 1)]
    stretches = [(path, step, wanted[a], wanted[b - 1]) for a, b in zip(borders, borders[1:]) if b > a]
    with multiprocessing.Pool(len(stretches)) as pool:
        parts = pool.map_async(measure_stretch, stretches)
        samples = sound.stdout.read()
        rows = [row for part in parts.get() for row in part]
    if sound.wait() != 0:
        raise RuntimeError("ffmpeg cannot read the sound")
    return curves(rows, rms_of(samples, *sound_facts(path)))


def measure_stretch(stretch):
    path, step, first, last = stretch
    cv2.setNumThreads(1)
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    # The frame before the first one is what the first one is compared with.
    number = max(0, first - step)
    if number > 0:
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    rows = []
    gray_before = histogram_before = None
    while number <= last and capture.grab():
        if number % step == 0:
            _, picture = capture.retrieve()
            height = round(picture.shape[0] * SMALL_WIDTH / picture.shape[1])
            small = cv2.resize(picture, (SMALL_WIDTH, height), interpolation=cv2.INTER_AREA)
            gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
            histogram = cv2.calcHist([gray], [0], None, [256], [0, 256])
            if number >= first:
                rows.append((seconds_of(capture, number), difference(gray_before, gray), correlation(histogram_before, histogram)))
            gray_before, histogram_before = gray, histogram
        number += 1
    return rows


def step_of(capture, fps):
    return max(1, round(capture.get(cv2.CAP_PROP_FPS) / fps))


def seconds_of(capture, number):
    """Of frames that the decoder still holds when the packets are at an end, OpenCV tells 0."""
    told = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
    return told if told > 0 else number / capture.get(cv2.CAP_PROP_FPS)


def difference(before, gray):
    return None if before is None else float(cv2.mean(cv2.absdiff(before, gray))[0])


def correlation(before, histogram):
    return None if before is None else cv2.compareHist(before, histogram, cv2.HISTCMP_CORREL)


def sound_command(path, output, container):
    return [*QUIET_FFMPEG, "-i", path, "-vn", "-c:a", "pcm_s16le", "-f", container, "-y", output]


def sound_by_file(path):
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "sound.wav")
        subprocess.run(sound_command(path, name, "wav"), check=True)
        with wave.open(name) as sound:
            return rms_of(sound.readframes(sound.getnframes()), sound.getframerate(), sound.getnchannels())


def sound_facts(path):
    """A pipe of samples does not say what they are."""
    entries = ["-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of", "json"]
    told = subprocess.run(["ffprobe", "-v", "error", *entries, path], check=True, capture_output=True).stdout
    stream = json.loads(told)["streams"][0]
    return int(stream["sample_rate"]), int(stream["channels"])


def rms_of(samples, rate, channels):
    """Root mean square of each whole window of all channels, full scale is 1."""
    values = numpy.frombuffer(samples, numpy.int16).astype(numpy.float32) / 32768
    window = round(SOUND_WINDOW * rate) * channels
    windows = values[: len(values) // window * window].reshape(-1, window)
    return numpy.sqrt(numpy.mean(windows * windows, axis=1))


def curves(rows, rms):
    timestamp, moved, alike = zip(*rows)
    return {
        "timestamp": timestamp,
        "difference": moved,
        "histogramCorrelation": alike,
        "sound": {"windowSeconds": SOUND_WINDOW, "rms": [round(float(value), 6) for value in rms]},
    }


if __name__ == "__main__":
    main()
