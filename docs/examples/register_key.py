"""An unattended job: from a key in AWS KMS to a key that Confluent has validated.

    python docs/examples/register_key.py ARN

It may run as often as a scheduler likes: what is done already is found done. Credentials come from
CONFLUENT_CLOUD_API_KEY and CONFLUENT_CLOUD_API_SECRET, and from wherever boto3 finds them.

Exit codes: 0 done; 1 not done, try again later; 2 not done, and trying again will not help.
"""

import json
import logging
import sys
from typing import Any

import boto3  # pyright: ignore[reportMissingTypeStubs]  # it has none

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiTimeoutException,
    ByokV1AwsKey,
    Configuration,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    KeysByokV1Api,
    OpenApiException,
    ServiceException,
    TooManyRequestsException,
    WaitTimeoutException,
    key_access,
)

DONE, AGAIN, HOPELESS = 0, 1, 2
PASSING = (
    ApiConnectionException,
    ApiTimeoutException,
    ServiceException,
    TooManyRequestsException,
    WaitTimeoutException,
)
log = logging.getLogger("register_key")
aws: Any = boto3  # It makes its methods at run time, and has no types.


def register(api: KeysByokV1Api, arn: str) -> GetByokV1Key200Response:
    """Register the key, let Confluent's roles use it, and wait until Confluent has tried."""
    ensured = api.ensure_byok_v1_key(CreateByokV1KeyRequest(key=ByokV1AwsKey(key_arn=arn)))
    log.info("key %s %s", ensured.key.id, "registered" if ensured.created else "was registered")
    allow(key_access.AwsAccess.of(key_of(ensured.key)))
    return api.wait_for_byok_v1_key(ensured.key.id, timeout=900.0, on_progress=tell)


def allow(access: key_access.AwsAccess) -> None:
    """Add to the policy of the key what it lacks."""
    kms = aws.client("kms", region_name=access.region)
    policy = json.loads(kms.get_key_policy(KeyId=access.key_arn, PolicyName="default")["Policy"])
    merged = access.merge_into(policy)
    if merged == policy:
        log.info("the key policy admits Confluent already")
        return
    kms.put_key_policy(KeyId=access.key_arn, PolicyName="default", Policy=json.dumps(merged))
    log.info("the key policy now admits %d roles of Confluent", len(access.roles))


def key_of(registered: GetByokV1Key200Response) -> ByokV1AwsKey:
    """The AWS key that is registered."""
    key = registered.key.actual_instance
    if not isinstance(key, ByokV1AwsKey):
        raise TypeError(f"key {registered.id} is no key of AWS")
    return key


def tell(key: GetByokV1Key200Response) -> None:
    """Say how far the validation is."""
    log.info("key %s is %s", key.id, key.validation.phase)


def main() -> int:
    """Run the job, and say in the exit code whether to run it again."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        with ApiClient(Configuration.from_env(user_agent_suffix="register-key/1.0")) as client:
            key = register(KeysByokV1Api(client), sys.argv[1])
    except PASSING as error:
        log.warning("not done yet: %s", error)
        return AGAIN
    except OpenApiException as error:
        log.error("not done: %s", error)
        return HOPELESS
    log.info("key %s is ready for clusters", key.id)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
