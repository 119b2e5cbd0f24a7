"""PyAV: a container, its decoded frames, and reformat() for those that are wanted."""
from protocol import serve, wanted_times, within

# What a variant sets on the stream. PyAV's own default is slice threads.
VARIANTS = {
    "default": {},
    "auto": {"thread_type": "AUTO"},
    "auto-2": {"thread_type": "AUTO", "thread_count": 2},
    "one-pass": {"thread_type": "AUTO", "thread_count": 2},
    "one-thread": {"thread_type": "AUTO", "thread_count": 1},
}


def about():
    import av

    codec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return f"PyAV {av.__version__}, libavcodec {codec}"


def pictures(ask):
    import av

    # PyAV hands FFmpeg's messages to Python, for which a decoder's thread needs the lock that whoever closes the decoder holds.
    av.logging.restore_default_callback()
    with av.open(ask["file"]) as container:
        stream = container.streams.video[0]
        settings = dict(VARIANTS[ask["variant"]])
        count = settings.pop("thread_count", None)
        if count is not None:
            stream.codec_context.thread_count = count
        for name, value in settings.items():
            setattr(stream, name, value)
        if ask["frames"] == "keyframes":
            stream.codec_context.skip_frame = "NONKEY"
        start = max(0, (container.start_time or 0) / av.time_base)

        def picture(frame):
            return frame.reformat(ask["width"], ask["height"], "rgb24", interpolation="BICUBIC").to_ndarray()

        if ask["frames"] == "times" and ask["variant"] != "one-pass":
            for time in ask["times"]:
                container.seek(int((time + start) / stream.time_base), stream=stream)
                for frame in container.decode(stream):
                    if frame.time - start >= time - 1e-3:
                        yield frame.time - start, picture(frame)
                        break
            return

        wanted = wanted_times(ask)
        if wanted is None:
            for frame in container.decode(stream):
                if not within(ask, frame.time - start):
                    return
                yield frame.time - start, picture(frame)
                if ask["frames"] == "first":
                    return
            return

        at = 0
        held = None
        for frame in container.decode(stream):
            while held is not None and at < len(wanted) and wanted[at] < frame.time - start - 1e-6:
                yield held.time - start, picture(held)
                at += 1
            if at == len(wanted):
                return
            held = frame
        for _ in wanted[at:]:
            yield held.time - start, picture(held)


serve(about, pictures)
