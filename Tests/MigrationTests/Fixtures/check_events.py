"""Reads event catalogues of plans with independent readers: check_events.py FOLDER, where plans were written.

Prints {"asyncapi": n, "events": n, "problems": [...]}. Where ASYNCAPI_SCHEMA names the project's own JSON Schema, documents
are compared with that as well; no package of PyPI brings it.
"""
import datetime
import json
import os
import pathlib
import sys
import tempfile

import jsonschema
import yaml
from cloudevents.core.bindings.kafka import from_kafka_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

# What AsyncAPI 3.0 says about the parts plans use; nothing else may appear but x- keys.
REF = {"type": "object", "required": ["$ref"], "additionalProperties": False,
       "properties": {"$ref": {"type": "string", "pattern": "^#/"}}}
SCHEMA_OBJECT = {"type": "object", "required": ["type"]}


def strict(required, properties):
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False,
            "patternProperties": {"^x-": {}}}


def named(value):
    return {"type": "object", "additionalProperties": False, "minProperties": 1,
            "patternProperties": {r"^[a-zA-Z0-9._-]+$": value}}


KAFKA_CHANNEL = strict(["topic", "bindingVersion"], {
    "topic": {"type": "string", "pattern": r"^[a-zA-Z0-9._-]{1,249}$"}, "partitions": {"type": "integer", "minimum": 1},
    "replicas": {"type": "integer", "minimum": 1}, "bindingVersion": {"const": "0.5.0"},
    "topicConfiguration": strict([], {
        "cleanup.policy": {"type": "array", "items": {"enum": ["compact", "delete"]}},
        "retention.ms": {"type": "integer", "minimum": -1}})})
DOCUMENT = strict(["asyncapi", "info", "channels", "operations", "components"], {
    "asyncapi": {"const": "3.0.0"},
    "info": strict(["title", "version"], {"title": {"type": "string"}, "version": {"type": "string"},
                                          "description": {"type": "string"}}),
    "defaultContentType": {"const": "application/json"},
    "servers": named(strict(["host", "protocol"], {"host": {"type": "string"}, "protocol": {"type": "string"}})),
    "channels": named(strict(["address", "messages"], {
        "address": {"type": "string"}, "description": {"type": "string"}, "messages": named(REF),
        "bindings": strict([], {"kafka": KAFKA_CHANNEL})})),
    "operations": named(strict(["action", "channel"], {
        "action": {"enum": ["send", "receive"]}, "channel": REF, "messages": {"type": "array", "items": REF}})),
    "components": strict([], {
        "messages": named(strict(["name", "contentType", "headers", "payload"], {
            "name": {"type": "string"}, "title": {"type": "string"}, "contentType": {"const": "application/json"},
            "headers": REF, "payload": REF,
            "bindings": strict([], {"kafka": strict(["key", "bindingVersion"], {
                "key": SCHEMA_OBJECT, "bindingVersion": {"const": "0.5.0"}})})})),
        "schemas": named(SCHEMA_OBJECT)})})


def find(document, reference):
    node = document
    for part in reference[2:].split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def asyncapi(path, text):
    """Problems of a document: our schema, references, every payload a JSON Schema, and a parser of its own."""
    document = yaml.safe_load(text)
    problems = [f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for e in jsonschema.Draft7Validator(DOCUMENT).iter_errors(document)]
    if "ASYNCAPI_SCHEMA" in os.environ:
        with open(os.environ["ASYNCAPI_SCHEMA"], encoding="utf-8") as file:
            official = json.load(file)
        problems += [f"{path}: official: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                     for e in jsonschema.Draft7Validator(official).iter_errors(document)]
    for reference in references(document):
        try:
            find(document, reference)
        except (KeyError, TypeError):
            problems.append(f"{path}: {reference}: leads nowhere")
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        try:
            jsonschema.Draft7Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            problems.append(f"{path}: {name}: {error.message}")
    # The operations of a document belong to its channels' messages.
    for name, operation in document.get("operations", {}).items():
        channel = operation.get("channel", {}).get("$ref", "")
        for message in operation.get("messages", []):
            if not message.get("$ref", "").startswith(channel + "/messages/"):
                problems.append(f"{path}: {name}: message of another channel")
    return document, problems


def generated(path, text):
    """What another implementation says when it makes code of the document."""
    from asyncapi_python_codegen.generators import CodeGenerator
    with tempfile.TemporaryDirectory() as folder:
        spec = pathlib.Path(folder) / "asyncapi.yaml"
        spec.write_text(text, encoding="utf-8")
        try:
            CodeGenerator().generate(spec, pathlib.Path(folder) / "out", force=True)
        except Exception as error:
            return [f"{path}: asyncapi-python: {str(error)[:300]}"]
    return []


def event(path, document, example):
    """An example has to survive both modes of the Kafka binding, fit its schema and keep its key."""
    problems = []
    attributes = dict(example["attributes"])
    kind = attributes["type"]
    attributes["time"] = datetime.datetime.fromisoformat(attributes["time"].replace("Z", "+00:00"))
    original = CloudEvent(attributes, example["data"])
    for mode, write in (("binary", to_binary_event), ("structured", to_structured_event)):
        message = write(original)
        key = message.key.decode() if isinstance(message.key, bytes) else message.key
        if key != example["attributes"]["partitionkey"]:
            problems.append(f"{path}: {kind}: {mode}: key {message.key!r}")
        back = from_kafka_event(message)
        if back.get_attributes() != original.get_attributes() or back.get_data() != original.get_data():
            problems.append(f"{path}: {kind}: {mode}: {back.get_attributes()} {back.get_data()}")
    message = next(m for m in document["components"]["messages"].values() if m["name"] == kind)
    payload = find(document, message["payload"]["$ref"])
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    for error in jsonschema.Draft7Validator(payload, format_checker=checker).iter_errors(example["data"]):
        problems.append(f"{path}: {kind}: {error.message}")
    binary = to_binary_event(original)
    headers = {name: value.decode() for name, value in binary.headers.items()}
    schema = find(document, message["headers"]["$ref"])
    for error in jsonschema.Draft7Validator(schema, format_checker=checker).iter_errors(headers):
        problems.append(f"{path}: {kind}: headers: {error.message}")
    return problems


def main():
    problems, documents, events = [], 0, 0
    for file in sorted(pathlib.Path(sys.argv[1]).rglob("asyncapi.yaml")):
        text = file.read_text(encoding="utf-8")
        document, found = asyncapi(file, text)
        problems += found
        # A generator takes a second: one document a plan is enough for it.
        if not found and (documents == 0 or "--all" in sys.argv):
            problems += generated(file, text)
        documents += 1
        if found:
            continue
        mapping = yaml.safe_load((file.parent / "cloudevents.yaml").read_text(encoding="utf-8"))
        for example in mapping["examples"]:
            try:
                problems += event(file, document, example)
            except Exception as error:
                problems.append(f"{file}: {example['attributes'].get('type')}: {type(error).__name__} {error}")
            events += 1
    print(json.dumps({"asyncapi": documents, "events": events, "problems": problems}))


if __name__ == "__main__":
    main()
