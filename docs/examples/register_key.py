"""An unattended job: from a key in a cloud to a key that Confluent has validated.

    python docs/examples/register_key.py ARN
    python docs/examples/register_key.py projects/P/locations/L/keyRings/R/cryptoKeys/K
    python docs/examples/register_key.py https://VAULT.vault.azure.net/keys/K TENANT_ID VAULT_ID

It may run as often as a scheduler likes: what is done already is found done. Credentials for
Confluent come from the environment (CONFLUENT_CLOUD_API_KEY and CONFLUENT_CLOUD_API_SECRET). The
policy of a key in AWS is changed by boto3, with the credentials that it finds; in Azure and Google
Cloud this runs az and gcloud, as whoever is signed in.

Exit codes: 0 done; 1 not done, try again later; 2 not done, and trying again will not help;
3 the key is not usable as it is; 4 there is no such key; 64 usage; 130 interrupted.
"""

import importlib
import logging
import subprocess
import sys
from typing import Any

from openapi_client import (
    ApiClient,
    ApiConnectionException,
    ApiTimeoutException,
    ByokV1KeyKey,
    Configuration,
    CreateByokV1KeyRequest,
    GetByokV1Key200Response,
    KeyMismatchException,
    KeysByokV1Api,
    NotFoundException,
    OpenApiException,
    ServiceException,
    TooManyRequestsException,
    WaitFailedException,
    WaitTimeoutException,
    key_access,
)

DONE, AGAIN, HOPELESS, NOT_AS_WANTED, NOT_FOUND, USAGE, INTERRUPTED = 0, 1, 2, 3, 4, 64, 130
NO_SUCH_PROGRAM = 127  # as shells say it
CODES: dict[tuple[type[OpenApiException], ...], int] = {
    (WaitFailedException, KeyMismatchException): NOT_AS_WANTED,
    (NotFoundException,): NOT_FOUND,
    (WaitTimeoutException, ApiConnectionException, ApiTimeoutException): AGAIN,
    (ServiceException, TooManyRequestsException): AGAIN,
}
# By the code of an error of KMS: what it means, and what to do.
KMS_ERRORS = {
    "NotFoundException": (NOT_FOUND, "there is no such key in AWS KMS: check ARN and account"),
    "AccessDeniedException": (
        HOPELESS,
        "this job needs kms:GetKeyPolicy and kms:PutKeyPolicy on the key",
    ),
    "MalformedPolicyDocumentException": (
        HOPELESS,
        "KMS refuses the key policy; a principal that was deleted has to be removed from it",
    ),
    "ThrottlingException": (AGAIN, "KMS is asked too often"),
    "KMSInternalException": (AGAIN, "KMS has failed"),
    "DependencyTimeoutException": (AGAIN, "KMS has failed"),
}
log = logging.getLogger("register_key")


class NotDone(Exception):
    """The job ends without success, and has said why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def register(api: KeysByokV1Api, key: ByokV1KeyKey) -> GetByokV1Key200Response:
    """Register the key, let Confluent use it, and wait until Confluent has tried."""
    ensured = api.ensure_byok_v1_key(CreateByokV1KeyRequest(key=key))
    log.info("key %s %s", ensured.key.id, "registered" if ensured.created else "was registered")
    # Confluent names whom to let in when it has registered the key, or soon afterwards.
    named = api.wait_for_byok_v1_key(ensured.key.id, until=is_named, timeout=300.0)
    allow(key_access.access_grants(named))
    return api.wait_for_byok_v1_key(named.id, timeout=1200.0, on_progress=tell)


def is_named(key: GetByokV1Key200Response) -> bool:
    """Whether the service has said whom to let in."""
    names = ("roles", "application_id", "security_group")
    return any(getattr(key.key.actual_instance, name, None) for name in names)


def allow(access: key_access.KeyAccess) -> None:
    """Let Confluent use the key, in whichever cloud it lies."""
    if isinstance(access, key_access.AwsAccess):
        allow_in_aws(access)
        return
    for command in access.commands:
        log.info("running: %s", command)
        done = subprocess.run(["/bin/sh", "-c", command], check=False, stdout=sys.stderr)
        if done.returncode == NO_SUCH_PROGRAM:
            raise NotDone(
                HOPELESS, f"install {command.split()[0]}, and sign in as who owns the key"
            )
        if done.returncode:
            raise NotDone(AGAIN, f"a command failed, perhaps for want of rights: {command}")


def allow_in_aws(access: key_access.AwsAccess) -> None:
    """Add to the policy of the key what it lacks."""
    boto3, client_error, boto_error = load_boto3()
    place = {"KeyId": access.key_arn, "PolicyName": "default"}
    try:
        kms = boto3.client("kms", region_name=access.region)
        policy = kms.get_key_policy(**place)["Policy"]
        audit = access.audit(policy)
        for finding in audit.lines:
            log.info("%s", finding)
        if audit.added:
            kms.put_key_policy(**place, Policy=access.merged_text(policy))
            log.info("the key policy now admits %d roles of Confluent", len(access.roles))
        else:
            log.info("the key policy admits Confluent already")
    except client_error as error:
        told: Any = error
        name: str = told.response["Error"]["Code"]
        code, advice = KMS_ERRORS.get(name, (HOPELESS, "see what AWS says"))
        raise NotDone(code, f"{advice} ({error})") from None
    except boto_error as error:
        raise NotDone(AGAIN, f"AWS cannot be asked: {error}") from None


def load_boto3() -> tuple[Any, type[Exception], type[Exception]]:
    """The library for AWS, the errors of the service, and those of the library."""
    try:
        boto3, errors = map(importlib.import_module, ("boto3", "botocore.exceptions"))
    except ImportError:
        raise NotDone(HOPELESS, "a key in AWS takes boto3: run pip install boto3") from None
    return boto3, errors.ClientError, errors.BotoCoreError


def tell(key: GetByokV1Key200Response) -> None:
    """Say how far the validation is."""
    log.info("key %s is %s", key.id, key.validation.phase)


def key_in(arguments: list[str]) -> ByokV1KeyKey:
    """The key that the arguments name."""
    if len(arguments) not in {1, 3}:
        raise NotDone(USAGE, "usage: register_key.py IDENTIFIER [TENANT_ID VAULT_ID]")
    tenant_id, key_vault_id = arguments[1:] or (None, None)
    try:
        return ByokV1KeyKey.from_identifier(
            arguments[0], tenant_id=tenant_id, key_vault_id=key_vault_id
        )
    except ValueError as error:
        raise NotDone(USAGE, str(error)) from None


def code_for(error: OpenApiException) -> int:
    """What a scheduler shall make of a failure."""
    if getattr(error, "outcome_unknown", False):
        return AGAIN  # It looks first, and registers nothing twice.
    return next((code for kinds, code in CODES.items() if isinstance(error, kinds)), HOPELESS)


def run(arguments: list[str]) -> int:
    """Run the job, and say how it ended."""
    try:
        wanted = key_in(arguments)
        with ApiClient(Configuration.from_env(user_agent_suffix="register-key/2.0")) as client:
            key = register(KeysByokV1Api(client), wanted)
    except NotDone as error:
        log.error("not done: %s", error)
        return error.code
    except OpenApiException as error:
        code = code_for(error)
        log.error("%s: %s", "not done yet" if code == AGAIN else "not done", error)
        return code
    except KeyboardInterrupt:
        log.error("interrupted; run it again to see what is done")
        return INTERRUPTED
    log.info("key %s is ready for clusters", key.id)
    return DONE


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    sys.exit(run(sys.argv[1:]))
