"""Workers with one fault each; `breaks` names the one requirement that must catch it."""

from typing import Any

from aiohttp import web

from .scripted import KEY, Job, Sound, too_slow


class HealthFails(Sound):
    breaks = "CON-1"

    async def health(self) -> web.StreamResponse:
        return self.answer(500, self.declaration())


class HealthIsAnAppShell(Sound):
    breaks = "CON-2"

    async def health(self) -> web.StreamResponse:
        return web.Response(text="<!doctype html><title>App</title>", content_type="text/html")


class HealthIsJsonCalledHtml(Sound):
    breaks = "CON-2"

    async def health(self) -> web.StreamResponse:
        return web.Response(text='{"status": "ok"}', content_type="text/html")


class HealthIsSlow(Sound):
    breaks = "CON-3"

    async def health(self) -> web.StreamResponse:
        await too_slow()
        return await super().health()


class NoContractNamed(Sound):
    breaks = "CON-4"

    def declaration(self) -> dict[str, Any]:
        return {**super().declaration(), "contract": None}


class AnEnvelopeWordAsOutput(Sound):
    breaks = "CON-5"

    def declaration(self) -> dict[str, Any]:
        return {**super().declaration(), "outputs": ["pages", "titles", "ok"]}


class StartIsOpen(Sound):
    breaks = "CON-6"

    def admits(self, request: web.Request, path: str) -> bool:
        no_key = "x-api-key" not in request.headers and "Authorization" not in request.headers
        return super().admits(request, path) or (path == "/start" and no_key)


class AnyKeyWillDo(Sound):
    breaks = "CON-7"

    def admits(self, request: web.Request, path: str) -> bool:
        return "x-api-key" in request.headers or super().admits(request, path)


class NoKeyIsRight(Sound):
    breaks = "CON-8"

    def admits(self, request: web.Request, path: str) -> bool:
        return False


class OnlyOneHeader(Sound):
    breaks = "CON-9"

    def admits(self, request: web.Request, path: str) -> bool:
        return request.headers.get("x-api-key") == KEY


class BrokenJsonIsAServerError(Sound):
    breaks = "SMK-1"

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        if self.payload(body) == "invalid_json":
            return self.answer(500, self.error("internal"))
        return await super().start(body, key)


class BrokenJsonStartsAJob(Sound):
    breaks = "SMK-1"

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        if self.payload(body) == "invalid_json":
            job = self.new_job(key, "")
            return self.answer(400, {"jobId": job.id})
        return await super().start(body, key)


class AListStartsAJob(Sound):
    breaks = "SMK-2"

    def payload(self, body: bytes) -> dict[str, Any] | str:
        found = super().payload(body)
        return {"mode": "smoke"} if found == "not_an_object" else found


class AnyModeWillDo(Sound):
    breaks = "SMK-3"

    def payload(self, body: bytes) -> dict[str, Any] | str:
        found = super().payload(body)
        return {"mode": "smoke"} if found == "unsupported_mode" else found


class AcceptsWithoutAJobId(Sound):
    breaks = "SMK-4"

    def accept(self, job: Job) -> web.StreamResponse:
        return self.answer(202, {"status": "queued"})


class QueuedWith200(Sound):
    breaks = "SMK-4"

    def accept(self, job: Job) -> web.StreamResponse:
        return self.answer(200, {"jobId": job.id, "status": "queued"})


class NoSmokeMode(Sound):
    breaks = "SMK-4"

    def declaration(self) -> dict[str, Any]:
        return {**super().declaration(), "modes": ["full"]}


class AnotherStatusWord(Sound):
    breaks = "SMK-5"

    def word(self, job: Job) -> str:
        return "processing" if job.status == "running" else job.status


class NeverEnds(Sound):
    breaks = "SMK-6"
    steps = 10**9


class SmokeRunFails(Sound):
    breaks = "SMK-7"

    def proceed(self, job: Job) -> None:
        super().proceed(job)
        job.status = "failed" if job.status == "completed" else job.status


class ResultWithoutOutputs(Sound):
    breaks = "SMK-8"

    def result(self, job: Job) -> dict[str, Any]:
        return {"pages": 10, "titles": []}


class NothingDelivered(Sound):
    breaks = "SMK-9"

    def result(self, job: Job) -> dict[str, Any]:
        missing = {"reason": "missing_config", "message": "No provider is set."}
        return {"outputs": {"pages": None}, "missing": {"pages": missing, "titles": missing}}


class AnUndeclaredOutput(Sound):
    breaks = "SMK-10"

    def result(self, job: Job) -> dict[str, Any]:
        return {"outputs": {"pages": 3, "titles": [], "images": 4}}


class AnOutputForgotten(Sound):
    breaks = "SMK-11"

    def result(self, job: Job) -> dict[str, Any]:
        return {"outputs": {"pages": 3}}


class AnInventedProvenance(Sound):
    breaks = "SMK-12"

    def result(self, job: Job) -> dict[str, Any]:
        return {**super().result(job), "provenance": {"pages": "estimated"}}


class MockedData(Sound):
    breaks = "SMK-13"

    def result(self, job: Job) -> dict[str, Any]:
        return {"outputs": {"pages": 3, "titles": [{"text": "Home", "isRealData": False}]}}


class UnknownJobIsQueued(Sound):
    breaks = "ASY-1"

    def unknown(self) -> web.StreamResponse:
        return self.answer(200, {"status": "queued"})


class StatusIsOpen(Sound):
    breaks = "ASY-2"

    def admits(self, request: web.Request, path: str) -> bool:
        return path == "/status" or super().admits(request, path)


class SpeaksAboutAnotherJob(Sound):
    breaks = "ASY-3"

    def document(self, job: Job) -> dict[str, Any]:
        return {**super().document(job), "jobId": "job-0"}


class ProgressFalls(Sound):
    breaks = "ASY-4"

    def progress(self, job: Job) -> dict[str, Any]:
        return {"done": max(0, self.steps - job.asked), "total": self.steps}


class DoneBeyondTotal(Sound):
    breaks = "ASY-4"

    def progress(self, job: Job) -> dict[str, Any]:
        return {"done": self.steps + 1, "total": self.steps}


class ResultChangesAfterTheEnd(Sound):
    breaks = "ASY-5"

    def result(self, job: Job) -> dict[str, Any]:
        return {**super().result(job), "metrics": {"asked": job.asked}}


class RetryAfterIsProse(Sound):
    breaks = "ASY-6"

    def again(self) -> str:
        return "soon"


class ForgetsItsJobs(Sound):
    breaks = "ASY-7"

    def restart(self) -> None:
        self.jobs = {job.id: job for job in self.jobs.values() if job.status == "completed"}


class FailsWithoutAWord(Sound):
    breaks = "ASY-7"

    def document(self, job: Job) -> dict[str, Any]:
        return {**super().document(job), "error": None}


class EveryStartIsNew(Sound):
    """Only a repetition that comes after the first answer; equal starts at once are held together."""

    breaks = "IDM-1"

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        known = self.keys.get(key)
        if known and known.status == "completed" and isinstance(self.payload(body), dict):
            digest = known.digest
            self.keys.pop(key)
            answer = await super().start(body, key)
            changed = self.keys[key].digest != digest
            self.keys[key].digest = digest
            return self.mismatch(known) if changed else answer
        return await super().start(body, key)


class ChecksBeforeItWrites(Sound):
    breaks = "IDM-2"

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        if key in self.keys or isinstance(self.payload(body), str):
            return await super().start(body, key)
        await too_slow()
        self.keys.pop(key, None)
        return await super().start(body, key)


class AnotherBodyIsIgnored(Sound):
    breaks = "IDM-3"

    def mismatch(self, known: Job) -> web.StreamResponse:
        return self.accept(known)


class OneJobForAll(Sound):
    breaks = "IDM-4"

    def new_job(self, key: str, digest: str) -> Job:
        job = next(iter(self.jobs.values()), None) or super().new_job(key, digest)
        self.keys[key] = Job(job.id, digest=digest)
        return job


class TheOrderOfFieldsMatters(Sound):
    breaks = "IDM-5"

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        known = self.keys.get(key)
        if known and body.startswith(b'{"run_id"'):
            return self.mismatch(known)
        return await super().start(body, key)


class UnknownJobIsCancelled(Sound):
    breaks = "CAN-1"

    def unknown_to_cancel(self) -> web.StreamResponse:
        return self.answer(200, {"status": "cancelled"})


class JsonErrorsWithControlCharacters(Sound):
    breaks = "CAN-1"

    def unknown_to_cancel(self) -> web.StreamResponse:
        return web.Response(text='{"error": "\x7f\\u0001 \ufffe"}', content_type="application/json")


class CancelIsOpen(Sound):
    breaks = "CAN-2"

    def admits(self, request: web.Request, path: str) -> bool:
        return path == "/cancel" or super().admits(request, path)


class CancelIsIgnored(Sound):
    breaks = "CAN-3"

    def stop(self, job: Job) -> None:
        return


class CancelTwiceIsAnError(Sound):
    breaks = "CAN-4"

    def ended(self, job: Job) -> web.StreamResponse:
        if job.status == "cancelled":
            return self.answer(500, self.error("internal"))
        return super().ended(job)


class CancelUndoesTheWork(Sound):
    breaks = "CAN-5"

    def ended(self, job: Job) -> web.StreamResponse:
        job.status = "cancelled"
        return self.answer(200, {"jobId": job.id, "status": "cancelled"})


class TheParallelJobHangs(Sound):
    """The third job, that of the ten equal starts, neither ends nor can be cancelled."""

    breaks = "END-1"

    def proceed(self, job: Job) -> None:
        if job.id != "job-3":
            super().proceed(job)

    def stop(self, job: Job) -> None:
        if job.id != "job-3":
            super().stop(job)


class ErrorsArePlainText(Sound):
    breaks = "ANS-1"

    def kind(self, status: int) -> str:
        return "text/plain" if status == 404 else "application/json"


class UnknownJobsAreElsewhere(Sound):
    breaks = "ANS-2"

    def unknown(self) -> web.StreamResponse:
        return self.answer(302, {}, Location="/login")


class NotANumber(Sound):
    breaks = "ANS-3"

    def result(self, job: Job) -> dict[str, Any]:
        return {"outputs": {"pages": float("nan"), "titles": []}}


class ErrorsAreHtml(Sound):
    breaks = "ANS-3"

    def unknown(self) -> web.StreamResponse:
        return web.Response(text="<h1>Not found</h1>", status=404, content_type="application/json")


class ALargeResult(Sound):
    breaks = "ANS-4"

    def result(self, job: Job) -> dict[str, Any]:
        return {"outputs": {"pages": 1, "titles": ["x" * 9 * 1024 * 1024]}}


class ASilentStatus(Sound):
    breaks = "ANS-5"

    def unknown(self) -> web.StreamResponse:
        raise NotImplementedError

    async def status(self, job_id: str) -> web.StreamResponse:
        if job_id not in self.jobs:
            await too_slow()
            return self.answer(404, self.error("job_unknown"))
        return await super().status(job_id)


class TellsTheKey(Sound):
    breaks = "ANS-6"

    def unknown(self) -> web.StreamResponse:
        return self.answer(404, {"error": {"message": f"Not with {KEY}."}})


FAULTS = [fault for fault in Sound.__subclasses__() if fault.breaks]
