"""Two small pictures for the front of a book."""

from fractions import Fraction
from typing import Final

import av
import numpy as np


def _picture(codec: str, pixels: str) -> bytes:
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width = encoder.height = 64
    encoder.pix_fmt = pixels
    encoder.framerate = Fraction(1)
    frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, dtype=np.uint8), format="rgb24")
    packets = [*encoder.encode(frame.reformat(format=pixels)), *encoder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


JPEG: Final = _picture("mjpeg", "yuvj420p")
PNG: Final = _picture("png", "rgb24")
