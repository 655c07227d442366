"""Master → what a listener receives."""

from narrator.publishing.encoding import Label
from narrator.publishing.m4b import EncodedChapter, bind
from narrator.publishing.manifest import Finished, Manifest, Product, claimed, read_manifest
from narrator.publishing.names import chapter_names, safe_name
from narrator.publishing.release import Release, publish_chapter

__all__ = [
    "EncodedChapter",
    "Finished",
    "Label",
    "Manifest",
    "Product",
    "Release",
    "bind",
    "chapter_names",
    "claimed",
    "publish_chapter",
    "read_manifest",
    "safe_name",
]
