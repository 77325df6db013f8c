"""Customers are told by email what becomes of their order, each thing once."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from directory_bolt.processes.postman import Postman
from directory_bolt.reading import OrderQueries
from directory_bolt.wiring import postman_of
from hermes_base.settings import load
from hermes_sandbox.providers.faults import Faults
from hermes_sandbox.providers.mail import NAME, Sink, faults_of_mail
from hermes_sandbox.providers.posts import Posts
from tests.directory_bolt.processes.shop import Shop, checkout

PUBLIC = "https://hermes.example"
PASSWORD = "p@ss/word"


class Mail:
    """A mail server on loopback, what it took, and what is wrong with it."""

    def __init__(self) -> None:
        self.posts, self.faults = Posts(), Faults({NAME: faults_of_mail()})
        self.sink = Sink(PASSWORD, self.faults, self.posts)

    def postman(self, shop: Shop) -> Postman:
        settings = load({
            "HERMES_MAIL_SERVER": f"smtp://hermes:p%40ss%2Fword@127.0.0.1:{self.sink.port}",
            "HERMES_MAIL_FROM": "Listings <orders@hermes.example>", "HERMES_PUBLIC_URL": PUBLIC,
        })  # fmt: skip
        found = postman_of(settings, shop.orders)
        assert found is not None
        return found

    def told(self) -> list[tuple[str, str]]:
        """(recipient, subject) of every letter, the first one first."""
        return [(each["recipients"][0], each["subject"]) for each in self.posts.holding("")]


@asynccontextmanager
async def mailing() -> AsyncGenerator[Mail]:
    mail = Mail()
    await mail.sink.open()
    try:
        yield mail
    finally:
        await mail.sink.close()


async def bought(shop: Shop, **session: Any) -> Any:
    found = await shop.orders.intake.receive_event(checkout(1, **session))
    assert found.job_id is not None
    return found.job_id


async def test_a_customer_is_told_of_the_beginning_and_the_end_once(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await bought(shop)
    async with mailing() as mail:
        postman = mail.postman(shop)
        assert (await postman.deliver(), await postman.deliver()) == (1, 0)
        await shop.work_off(job_id)
        assert (await postman.deliver(), await postman.deliver()) == (1, 0)
        to = "ada@bakery.example.com"
        assert mail.told() == [
            (to, "We have received your order for Mill Bakery"),
            (to, "Your directory listings for Mill Bakery"),
        ]
        (last,) = mail.posts.holding("listings for")
    link = next(line for line in last["text"].splitlines() if line.startswith(PUBLIC))
    found, _ = await OrderQueries(shop.orders).customer_job(link.removeprefix(f"{PUBLIC}/orders/"))
    assert found == job_id, "the link of the letter opens the order"


async def test_a_sparse_checkout_is_asked_for_its_facts(shop: Shop) -> None:
    details = {"email": "ada@bakery.example.com", "name": "Ada\nMiller"}
    await bought(shop, customer_details=details, metadata={"package_type": "starter"})
    async with mailing() as mail:
        assert await mail.postman(shop).deliver() == 1
        assert [subject for _, subject in mail.told()] == ["We need a few facts about Ada Miller"]


async def test_a_letter_that_cannot_be_sent_raises_an_alert_and_is_sent_later(shop: Shop) -> None:
    await shop.directories("a")
    await bought(shop)
    kinds = "select kind from alerts where closed_at is null and kind = 'mail'"
    async with mailing() as mail:
        mail.faults.switch(NAME, "mailbox_busy_450")
        postman = mail.postman(shop)
        assert await postman.deliver() == 0
        assert await shop.pool.fetchval(kinds) == "mail"
        mail.faults.clear()
        assert await postman.deliver() == 0, "not before its time"
        await shop.pool.execute("update letters set due_at = now()")
        assert (await postman.deliver(), len(mail.told())) == (1, 1)
    assert await shop.pool.fetchval(kinds) is None


async def test_nobody_is_told_of_an_invented_business(shop: Shop) -> None:
    await shop.directories("a")
    await shop.work_off(await shop.order(1))
    assert await shop.pool.fetchval("select count(*) from letters") == 0


def test_without_a_mail_server_nobody_is_written_to(shop: Shop) -> None:
    assert postman_of(load({"HERMES_PUBLIC_URL": PUBLIC}), shop.orders) is None
