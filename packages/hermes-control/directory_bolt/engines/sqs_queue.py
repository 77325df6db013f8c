"""Amazon SQS as the queue (extra `sqs`). boto3 blocks, so each call has a thread of its own.

What is given up is kept in Hermes' own table of dead letters, like that of every queue, so that staff
see and replay it in one place. SQS' own dead-letter queue catches what no subscriber could even
receive properly; the monitor empties it into the same table.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar

import asyncpg

from directory_bolt.engines.postgres_queue import job_in
from directory_bolt.engines.queue import MOST_RECEIVES, Depth, Message, QueueAwayError
from directory_bolt.storage import dead_letters
from hermes_base.postgres.database import LOST_DATABASE, Connection, Pool

T = TypeVar("T")

LONGEST_WAIT = 20  # seconds of one long poll, by SQS
LONGEST_VISIBILITY = 43_200
MOST_AT_ONCE = 10
RETENTION = 14 * 86_400


class SqsQueue:
    """See `Queue`. `client` is a boto3 SQS client: its own credential chain, its own endpoint."""

    provider = "sqs"

    def __init__(self, client: Any, pool: Pool, name: str) -> None:
        self._client = client
        self._pool = pool
        self._name = name
        self._url = ""

    async def create(self) -> tuple[str, str]:
        """Make the queue and its dead-letter queue unless they are there; their addresses."""
        dead = await self._call(
            lambda: self._client.create_queue(
                QueueName=dead_name(self._name),
                Attributes={"MessageRetentionPeriod": str(RETENTION)},
            )["QueueUrl"]
        )
        arn = await self._call(
            lambda: self._client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])[
                "Attributes"
            ]["QueueArn"]
        )
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": str(MOST_RECEIVES)}
        live = await self._call(
            lambda: self._client.create_queue(
                QueueName=self._name, Attributes={"MessageRetentionPeriod": str(RETENTION)}
            )["QueueUrl"]
        )
        await self._call(
            lambda: self._client.set_queue_attributes(
                QueueUrl=live, Attributes={"RedrivePolicy": json.dumps(policy)}
            )
        )
        return str(live), str(dead)

    async def send(self, body: str, priority: int, within: Connection | None = None) -> str:
        """SQS knows no order and no transaction of ours: `priority` travels as an attribute."""
        del within
        url = await self._address()
        attributes = {"priority": {"DataType": "Number", "StringValue": str(priority)}}
        reply = await self._call(
            lambda: self._client.send_message(
                QueueUrl=url, MessageBody=body, MessageAttributes=attributes
            )
        )
        return str(reply["MessageId"])

    async def receive(self, most: int, wait: float, visibility: float) -> list[Message]:
        url = await self._address()
        reply = await self._call(
            lambda: self._client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(most, MOST_AT_ONCE),
                WaitTimeSeconds=round(min(wait, LONGEST_WAIT)),
                VisibilityTimeout=_seconds(visibility),
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        )
        found = [_message(each) for each in reply.get("Messages", ())]
        worn = [message for message in found if message.receive_count > MOST_RECEIVES]
        for message in worn:
            await self.dead_letter(message, f"received {MOST_RECEIVES} times without success")
        return [message for message in found if message not in worn]

    async def delete(self, message: Message) -> bool:
        """False when the receipt is of an earlier delivery."""
        url = await self._address()
        try:
            await self._call(
                lambda: self._client.delete_message(QueueUrl=url, ReceiptHandle=message.receipt)
            )
        except QueueAwayError as error:
            if "ReceiptHandle" in str(error) or "MessageNotInflight" in str(error):
                return False
            raise
        return True

    async def dead_letter(self, message: Message, reason: str) -> None:
        """First into the table, then out of the queue: a crash in between shows it twice, never loses it."""
        await self._keep(message.body, reason, message.receive_count)
        await self.delete(message)

    async def reprioritise(self, message_id: str, priority: int, within: Connection) -> None:
        """Nothing to do: a standard SQS queue has no order."""
        del message_id, priority, within

    async def forget(self, message_id: str, within: Connection) -> None:
        """Nothing to do: SQS deletes by the receipt of a delivery only."""
        del message_id, within

    async def empty_dead(self) -> int:
        """Move what SQS itself gave up into the table of dead letters; how many there were."""
        url = await self._address(dead_name(self._name))
        reply = await self._call(
            lambda: self._client.receive_message(
                QueueUrl=url, MaxNumberOfMessages=MOST_AT_ONCE, WaitTimeSeconds=0,
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        )  # fmt: skip
        found = reply.get("Messages", ())
        for each in found:
            message = _message(each)
            await self._keep(message.body, "given up by SQS", message.receive_count)
            await self._call(
                lambda receipt=message.receipt: self._client.delete_message(
                    QueueUrl=url, ReceiptHandle=receipt
                )
            )
        return len(found)

    async def depth(self) -> Depth:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = await self._address()
        reply = await self._call(
            lambda: self._client.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        )
        visible, in_flight = (int(reply["Attributes"][name]) for name in names)
        return Depth(visible, in_flight, await dead_letters.count(self._pool))

    async def check(self) -> None:
        self._url = ""  # asked anew: a queue may have been taken away
        await self.depth()

    async def _keep(self, body: str, reason: str, received: int) -> None:
        try:
            await dead_letters.add(self._pool, "queue", body, reason, job_in(body), received)
        except (*LOST_DATABASE, asyncpg.PostgresError) as error:
            message = f"the table of dead letters: {type(error).__name__}"
            raise QueueAwayError(message) from error

    async def _address(self, name: str = "") -> str:
        if name:
            reply = await self._call(lambda: self._client.get_queue_url(QueueName=name))
            return str(reply["QueueUrl"])
        if not self._url:
            reply = await self._call(lambda: self._client.get_queue_url(QueueName=self._name))
            self._url = str(reply["QueueUrl"])
        return self._url

    async def _call(self, ask: Callable[[], T]) -> T:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # an extra

        try:
            return await asyncio.to_thread(ask)
        except ClientError as error:
            response: Any = error.response  # botocore ships no types
            details: Mapping[str, Any] = response.get("Error", {})
            raise QueueAwayError(
                f"SQS rejected the request: {details.get('Code')}: {details.get('Message')}"
            ) from error
        except BotoCoreError as error:
            raise QueueAwayError(f"SQS cannot be reached: {type(error).__name__}") from error


def dead_name(name: str) -> str:
    """The dead-letter queue beside a queue."""
    return f"{name}-dead"


def open_client(endpoint: str, region: str) -> Any:
    """A boto3 client with the credentials of boto3's own chain. Raises `QueueAwayError`."""
    try:
        boto3: Any = import_module("boto3")  # an extra, without types
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError as error:
        raise QueueAwayError("boto3 is not installed: install hermes-control[sqs]") from error
    patience = Config(connect_timeout=5, read_timeout=LONGEST_WAIT + 10, retries={"total_max_attempts": 2})  # fmt: skip
    try:
        return boto3.client(
            "sqs", endpoint_url=endpoint or None, region_name=region or None, config=patience
        )
    except (BotoCoreError, ValueError) as error:
        raise QueueAwayError(f"SQS is not configured: {error}") from error


def _message(raw: Mapping[str, Any]) -> Message:
    count = int(raw.get("Attributes", {}).get("ApproximateReceiveCount", 1))
    return Message(str(raw["MessageId"]), str(raw["ReceiptHandle"]), str(raw["Body"]), count)


def _seconds(visibility: float) -> int:
    return max(0, min(LONGEST_VISIBILITY, round(visibility)))
