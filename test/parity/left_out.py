"""What the generated client offers and this one leaves out, each with the reason.

Keys are names relative to the package, with `*` for any text. "(x)" names a parameter. A test fails
for anything that is missing and not listed, and for anything listed that is not missing.
"""

_KEYWORD = "For keywords only: their places move whenever a parameter comes or goes."
_STEP = "A step within a stage. The stages are what wrapping SDKs override."
_HELPER = "A function that the generated module needs for itself."
_KEYS = "The API knows no API keys in this form, only Basic and Bearer credentials."
_SERVERS = "There is one server; another is named by `host`."
_LOG_FILE = "Where log records go is for the program to say, through `logging`."
_FORMATS = "The API's times are RFC 3339; no other form would be understood."
_PATH_SAFE = "An id is always encoded whole, lest it aim a request at another path."
_FORMS = "No operation takes a form, a file or a list parameter."
_REEXPORT = "An import that the generated module needs for itself; its own home has it."
_VALIDATOR = "A part of how the generated model works, not of what it offers."
_TYPES = "A type of the generated code's own annotations."

LEFT_OUT = {
    "*Configuration (api_key)": _KEYS,
    "*Configuration (api_key_prefix)": _KEYS,
    "configuration.Configuration.api_key": _KEYS,
    "configuration.Configuration.api_key_prefix": _KEYS,
    "configuration.Configuration.refresh_api_key_hook": _KEYS,
    "configuration.Configuration.get_api_key_with_prefix": _KEYS,
    "configuration.APIKeyAuthSetting": _KEYS,
    "*Configuration (server_*)": _SERVERS,
    "*Configuration (ignore_operation_servers)": _SERVERS,
    "configuration.Configuration.server_*": _SERVERS,
    "configuration.Configuration.ignore_operation_servers": _SERVERS,
    "configuration.Configuration.get_host_settings": _SERVERS,
    "configuration.Configuration.get_host_from_settings": _SERVERS,
    "configuration.HostSetting*": _SERVERS,
    "configuration.ServerVariablesT": _SERVERS,
    "configuration.Configuration.logger*": _LOG_FILE,
    "*Configuration (date*_format)": _FORMATS,
    "configuration.Configuration.date*_format": _FORMATS,
    "*Configuration (safe_chars_for_path_param)": _PATH_SAFE,
    "configuration.Configuration.safe_chars_for_path_param": _PATH_SAFE,
    "configuration.Configuration.temp_folder_path": _FORMS,
    "api_client.ApiClient.files_parameters": _FORMS,
    "api_client.ApiClient.parameters_to_tuples": _FORMS,
    "api_client.ApiClient.explode_query_object": _FORMS,
    "models.*_validate_enum": _VALIDATOR,
    "models.byok_v1_key_key.ByokV1KeyKey.oneof_schema_?_validator": _VALIDATOR,
    "models.byok_v1_key_key.ByokV1KeyKey.actual_instance_must_validate_oneof": _VALIDATOR,
    "models.byok_v1_key_key.BYOKV1KEYKEY_ONE_OF_SCHEMAS": _VALIDATOR,
    "configuration.JSON_SCHEMA_VALIDATION_KEYWORDS": _VALIDATOR,
    "configuration.*AuthSetting": _TYPES,
    "configuration.AuthSettings": _TYPES,
    "api_response.ApiResponse.model_config": _VALIDATOR,
    "api_client.ApiClient.NATIVE_TYPES_MAPPING": _STEP,
    "api_client.ApiClient.PRIMITIVE_TYPES": _STEP,
    "api_client.ApiClient.parameters_to_url_query (collection_formats)": _FORMS,
    "rest.SUPPORTED_SOCKS_PROXIES": _HELPER,
    "rest.contenttype_matches": _HELPER,
    "rest.is_socks_proxy_url": _HELPER,
    "rest.should_bypass_proxies": _HELPER,
    "api_client.*Exception": _REEXPORT,
    "api_client.ApiResponseT": _REEXPORT,
    "api.keys_byok_v1_api.*Api[CR]*": _REEXPORT,
    "api.keys_byok_v1_api.RequestSerialized": _REEXPORT,
    "models.create_byok_v1_key201_response.ByokV1Key*": _REEXPORT,
    "models.create_byok_v1_key_request.ByokV1KeyKey": _REEXPORT,
    "*Configuration ([!h]*) by position": _KEYWORD,
    "api.keys_byok_v1_api.KeysByokV1Api.* (_*) by position": _KEYWORD,
    "api.keys_byok_v1_api.KeysByokV1Api.list_* (display_name) by position": _KEYWORD,
    "api.keys_byok_v1_api.KeysByokV1Api.list_* (validation_*) by position": _KEYWORD,
    "api.keys_byok_v1_api.KeysByokV1Api.list_* (key) by position": _KEYWORD,
}
