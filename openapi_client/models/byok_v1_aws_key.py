"""The model `ByokV1AwsKey`."""

from typing import Literal

from ._base import Model
from ._fields import ReadOnly, Str, Text, Tolerant


class ByokV1AwsKey(Model):
    """A key in AWS KMS.

    ``key_arn`` is the ARN of the key. ``roles`` are the ARNs of the IAM roles that the key's
    policy has to admit; the service names them.
    """

    key_arn: Text
    roles: ReadOnly[list[Str] | None] = None
    kind: Tolerant[Literal["AwsKey"]] = "AwsKey"

    @property
    def identifier(self) -> str:
        """The ARN of the key."""
        return self.key_arn
