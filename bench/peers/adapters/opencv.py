"""OpenCV: VideoCapture, retrieving only what is wanted; INTER_AREA, its advice for smaller pictures (its bicubic does not average)."""
import os

from protocol import serve, wanted_times, within

VARIANTS = {"default": None, "one-pass": None, "threads-1": "threads;1", "threads-2": "threads;2", "threads-4": "threads;4"}


def about():
    import cv2

    return f"OpenCV {cv2.__version__}"


def pictures(ask):
    options = VARIANTS[ask["variant"]]
    if options is not None:
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = options
    import cv2

    if ask["frames"] == "keyframes":
        raise RuntimeError("VideoCapture does not tell key frames")
    capture = cv2.VideoCapture(ask["file"], cv2.CAP_FFMPEG)
    size = (ask["width"], ask["height"])

    def seconds():
        return capture.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def picture():
        _, bgr = capture.retrieve()
        if (bgr.shape[1], bgr.shape[0]) != size:
            bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)

    wanted = wanted_times(ask)
    if ask["frames"] == "times" and ask["variant"] != "one-pass":
        for time in wanted:
            capture.set(cv2.CAP_PROP_POS_MSEC, time * 1000)
            if capture.grab():
                yield seconds(), picture()
        return

    if wanted is None:
        while capture.grab():
            if not within(ask, seconds()):
                return
            yield seconds(), picture()
            if ask["frames"] == "first":
                return
        return

    # A frame is gone once the next one is grabbed, so how long it is on screen has to be guessed: OpenCV's users go by the frame rate.
    step = 1 / capture.get(cv2.CAP_PROP_FPS)
    at = 0
    while at < len(wanted) and capture.grab():
        now = seconds()
        while at < len(wanted) and wanted[at] < now + step - 1e-3:
            yield now, picture()
            at += 1


serve(about, pictures)
