"""The end of the line: takes → chapter files and the book, in worker processes while the engine goes on speaking.

A chapter is mastered as soon as its last take is stored. What stands finished under the same key is left alone.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from pathlib import Path

from narrator import mastering, publishing
from narrator.audio.files import decode
from narrator.domain import BookTags, Manuscript, Placed, Samples, Take
from narrator.errors import EngineError
from narrator.events import BookFinished, ChapterFinished, Listener, Warned
from narrator.recording import Request
from narrator.settings.options import MasteringProfile, PauseOptions, ProjectOptions
from narrator.workers import Workers, result

VERSION = 2
"""Raised by hand when mastering or publishing changes what a finished chapter sounds or looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeve:
    """What is said of the whole book, and where it goes."""

    manuscript: Manuscript
    options: ProjectOptions
    profile: MasteringProfile
    output: Path
    parts: Path
    """Folder of the encoded chapters that the book is bound of."""
    siblings: tuple[Path, ...]
    """The project's usual output folders: their books are bound of the same parts."""
    narrator: str
    """Who or what is heard; a listener is always told."""
    whole: bool
    """All chapters are wanted."""

    @property
    def tags(self) -> BookTags:
        """What a player shows."""
        series = self.options.book.series
        return BookTags(
            title=self.manuscript.title,
            authors=self.manuscript.authors,
            narrator=self.narrator,
            publisher=self.manuscript.publisher,
            published=self.manuscript.published,
            description=self.manuscript.description,
            language=self.manuscript.language,
            series=series.name if series else "",
            series_part=series.part if series else "",
        )

    @property
    def bound(self) -> bool:
        """Whether a book is bound of the chapters."""
        return any(output.format == "m4b" for output in self.options.outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterJob:
    """A chapter whose takes are complete."""

    lines: tuple[Placed, ...]
    profile: MasteringProfile
    pauses: PauseOptions
    release: publishing.Release


def finish_chapter(job: ChapterJob) -> publishing.Product:
    """Master a chapter and write its files; runs in a worker process."""
    return publishing.publish_chapter(mastering.master(job.lines, _load, job.profile, job.pauses), job.release)


def _load(take: Take) -> Samples:
    data = take.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != take.object:  # it was whole when the build began
        raise EngineError(f"{take.path}: damaged while the build was running", hint="Run the same command again.")
    return decode(data, where=str(take.path))[0]


class Finishing:
    """Collects takes, sends each complete chapter to the workers, and binds the book at the end."""

    def __init__(
        self, sleeve: Sleeve, manifest: publishing.Manifest, requests: Sequence[Request], listener: Listener
    ) -> None:
        self.takes: dict[str, Take] = {}
        self._sleeve = sleeve
        self._listener = listener
        self._workers = Workers()
        self._manifest = manifest
        self._book: publishing.Product | None = None
        self._running: dict[int, Future[publishing.Product]] = {}
        self._products: dict[int, publishing.Product] = {}
        chapters: defaultdict[int, list[Request]] = defaultdict(list)
        for request in requests:
            chapters[request.chapter].append(request)
        self._chapters = dict(chapters)
        self._n_missing = {number: len(asked) for number, asked in chapters.items()}
        titles = [chapter.title for chapter in sleeve.manuscript.chapters]
        self._titles = dict(enumerate(titles, start=1))
        self._names = dict(enumerate(publishing.chapter_names(titles), start=1))

    def unfinished(self, takes: Mapping[str, Take]) -> Iterator[Request]:
        """Requests of the chapters that do not stand finished."""
        for number, asked in self._chapters.items():
            if not self._standing(number, takes):
                yield from asked

    def start(self, takes: Mapping[str, Take]) -> None:
        """Begin with the takes that are in the store."""
        for number, asked in self._chapters.items():
            there = {r.key: takes[r.key] for r in asked if r.key in takes}
            self.takes.update(there)
            self._n_missing[number] -= len(there)
            if not self._n_missing[number]:
                self._complete(number)

    def add(self, request: Request, take: Take) -> None:
        """Take in one that was just recorded."""
        self.takes[request.key] = take
        self._n_missing[request.chapter] -= 1
        if not self._n_missing[request.chapter]:
            self._complete(request.chapter)
        self._collect(lambda future: future.done())

    def finish(self, *, stopped: bool) -> tuple[Path, ...]:
        """Wait for what the workers have begun; bind the book if every chapter is there.

        Args:
            stopped: Begin nothing more, the book neither.

        Returns:
            What stands finished, the book first.
        """
        if stopped:
            self._running = {number: future for number, future in self._running.items() if not future.cancel()}
        self._collect(lambda _: True)
        if not stopped and len(self._products) == len(self._chapters):
            self._tidy()
            if self._sleeve.bound and self._products:
                self._bind()
        products = [self._book] if self._book else []
        products += [self._products[number] for number in sorted(self._products)]
        return tuple(path for product in products for path in product.paths(self._sleeve.output))

    def close(self) -> None:
        """End the workers; a chapter that is half encoded leaves nothing under a final name."""
        self._workers.close()

    def _standing(self, number: int, takes: Mapping[str, Take]) -> publishing.Product | None:
        if not all(request.key in takes for request in self._chapters[number]):
            return None
        release = self._release(number, takes)
        product = self._manifest.current(str(number), release.key)
        bindable = product and (not self._sleeve.bound or (product.part and product.part.stands(self._sleeve.parts)))
        return product if bindable else None

    def _complete(self, number: int) -> None:
        if product := self._standing(number, self.takes):
            self._report(number, product, reused=True)
            return
        job = ChapterJob(
            lines=tuple(self._placed(number, self.takes)),
            profile=self._sleeve.profile,
            pauses=self._sleeve.options.pauses,
            release=self._release(number, self.takes),
        )
        self._running[number] = self._workers.submit(finish_chapter, job)

    def _collect(self, ready: Callable[[Future[publishing.Product]], bool]) -> None:
        for number, future in sorted(self._running.items()):
            if ready(future):
                product = result(future)
                del self._running[number]
                self._manifest = self._manifest.with_product(str(number), product)
                self._report(number, product, reused=False)

    def _report(self, number: int, product: publishing.Product, *, reused: bool) -> None:
        self._products[number] = product
        for fault in product.faults:
            self._listener(Warned(message=fault))
        self._listener(
            ChapterFinished(
                number=number,
                title=product.title,
                seconds=product.seconds,
                loudness_lufs=product.loudness_lufs,
                true_peak_dbtp=product.true_peak_dbtp,
                files=product.paths(self._sleeve.output),
                reused=reused,
            )
        )

    def _placed(self, number: int, takes: Mapping[str, Take]) -> Iterator[Placed]:
        for request in self._chapters[number]:
            yield Placed(
                take=takes[request.key],
                address=request.utterance.address,
                text=request.utterance.text,
                character=request.utterance.character,
                voice=request.voice.name,
                level_db=request.voice.level_db,
                tempo=request.tempo,
                pause_after=request.utterance.pause_after,
                pause_s=request.utterance.pause_s,
            )

    def _release(self, number: int, takes: Mapping[str, Take]) -> publishing.Release:
        """What to make of a chapter; its key names every cause of the files, and no path."""
        sleeve = self._sleeve
        label = publishing.Label(
            book=sleeve.tags,
            title=self._titles[number],
            number=number,
            n_chapters=len(self._titles),
            cover=sleeve.manuscript.cover,
        )
        causes = {
            "version": VERSION,
            "lines": _lines(tuple(self._placed(number, takes))),
            "profile": asdict(sleeve.profile),
            "pauses": asdict(sleeve.options.pauses),
            "outputs": [asdict(output) for output in sleeve.options.outputs],
            "label": _digestible(label),
            "name": self._names[number],
        }
        key = _digest(causes)
        return publishing.Release(
            key=key,
            folder=sleeve.output,
            stem=self._names[number],
            part=sleeve.parts / f"{key}.m4a",
            label=label,
            outputs=sleeve.options.outputs,
            profile=sleeve.profile,
        )

    def _tidy(self) -> None:
        """Remove the files of chapters that the book no longer has, and parts that no product names."""
        sleeve = self._sleeve
        if not sleeve.whole:
            return
        gone = {name for name in self._manifest.products if name.isdecimal() and int(name) not in self._titles}
        self._manifest = self._manifest.without(gone)
        others = (publishing.read_manifest(folder) for folder in sleeve.siblings)
        named = {p.part.name for manifest in (self._manifest, *others) for p in manifest.products.values() if p.part}
        for part in sleeve.parts.glob("*.m4a"):
            if part.name not in named:
                part.unlink()

    @property
    def _book_name(self) -> str:
        """`book`, or `book 1-3,5` when only those chapters were wanted."""
        return "book" if self._sleeve.whole else f"book {_ranges(sorted(self._chapters))}"

    def _bind(self) -> None:
        sleeve = self._sleeve
        chapters = [
            publishing.EncodedChapter(path=sleeve.parts / f"{product.key}.m4a", title=product.title)
            for _, product in sorted(self._products.items())
        ]
        suffix = "" if sleeve.whole else f" ({self._book_name.removeprefix('book ')})"
        target = sleeve.output / f"{publishing.safe_name(sleeve.manuscript.title)}{suffix}.m4b"
        key = _digest({"version": VERSION, "parts": [c.path.name for c in chapters], "name": target.name})
        product = self._manifest.current(self._book_name, key)
        reused = product is not None
        if product is None:
            publishing.bind(chapters, sleeve.tags, sleeve.manuscript.cover, target)
            product = publishing.Product(
                key=key,
                title=sleeve.manuscript.title,
                seconds=sum(p.seconds for p in self._products.values()),
                loudness_lufs=sleeve.profile.loudness_lufs,
                true_peak_dbtp=max(p.true_peak_dbtp for p in self._products.values()),
                files=(publishing.Finished.of(sleeve.output, target),),
            )
            self._manifest = self._manifest.with_product(self._book_name, product)
        self._book = product
        self._listener(BookFinished(files=product.paths(sleeve.output), seconds=product.seconds, reused=reused))


def _lines(lines: Sequence[Placed]) -> list[dict[str, object]]:
    """Lines as causes of a chapter: takes by their bytes, voices by their order, not by their names."""
    voices = {name: n for n, name in enumerate(dict.fromkeys(line.voice for line in lines))}
    causes = [{**asdict(line), "take": line.take.object, "voice": voices[line.voice]} for line in lines]
    return [{name: value for name, value in cause.items() if value is not None} for cause in causes]


def _digestible(label: publishing.Label) -> dict[str, object]:
    fields = asdict(label)
    fields["cover"] = hashlib.sha256(label.cover.data).hexdigest() if label.cover else None
    return fields


def _digest(causes: Mapping[str, object]) -> str:
    text = json.dumps(causes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _ranges(numbers: Sequence[int]) -> str:
    """`1-3,5`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)
