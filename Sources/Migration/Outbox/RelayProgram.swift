/// The relay as a Python program; what differs between databases stands in its settings.
enum RelayProgram {
  /// The program with the sink of the broker beside the one that writes files.
  static func text(_ broker: Broker) -> String {
    head + fileSink + sink(broker) + tail.replacing("@SINKS@", with: sinks(broker))
  }

  private static func sinks(_ broker: Broker) -> String {
    switch broker {
    case .kafka: #"{"file": FileSink, "kafka": KafkaSink}"#
    case .redis: #"{"file": FileSink, "redis": RedisSink}"#
    case .rocketmq, .none: #"{"file": FileSink}"#
    }
  }

  private static func sink(_ broker: Broker) -> String {
    switch broker {
    case .kafka: kafkaSink
    case .redis: redisSink
    case .rocketmq, .none: ""
    }
  }

  private static let head = #"""
    #!/usr/bin/env python3
    """Publishes an outbox: at least once, in order within an aggregate, by any number of relays at once.

    relay.py relay.json --sink file:PATH            JSON lines, for trials
    relay.py relay.json --sink kafka:HOST:PORT      where the plan's broker is Kafka
    relay.py relay.json --sink redis:HOST:PORT      where it is Redis

    The database: OUTBOX_URL (PostgreSQL: psycopg; SQL Server: pyodbc; Oracle: oracledb) or OUTBOX_CNF, an option
    file (MySQL and MariaDB: PyMySQL).
    """
    import argparse
    import datetime
    import json
    import os
    import random
    import sys
    import time


    class NotSent(Exception):
        """The broker did not take a batch; nothing of it was marked."""


    def connect(engine):
        if engine == "postgres":
            import psycopg
            return psycopg.connect(os.environ["OUTBOX_URL"])
        if engine in ("mysql", "mariadb"):
            import pymysql
            return pymysql.connect(read_default_file=os.environ["OUTBOX_CNF"], charset="utf8mb4", autocommit=False)
        if engine == "sqlserver":
            import pyodbc
            return pyodbc.connect(os.environ["OUTBOX_URL"], autocommit=False)
        import oracledb
        oracledb.defaults.fetch_lobs = False
        return oracledb.connect(dsn=os.environ["OUTBOX_URL"])


    def moment(value):
        """RFC 3339 in UTC; moments without a zone are UTC."""
        if value.tzinfo is None:
            value = value.replace(tzinfo=datetime.timezone.utc)
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


    def message(row, topic):
        seq, id, kind, key, type, payload, source, version, content, created = row
        headers = {
            "ce_id": str(id), "ce_source": source, "ce_specversion": version, "ce_type": type, "ce_subject": key,
            "ce_partitionkey": key, "ce_time": moment(created), "content-type": content,
        }
        return {"topic": topic.replace("{aggregatetype}", kind), "key": key, "headers": headers, "value": payload}

    """#

  private static let fileSink = #"""


    class FileSink:
        """One JSON line a message; every batch is one append and on disk before it counts as sent."""

        def __init__(self, path):
            self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

        def publish(self, messages):
            data = "".join(json.dumps(m, ensure_ascii=False) + "\n" for m in messages).encode()
            if os.write(self.file, data) != len(data):
                raise IOError("short write")
            os.fsync(self.file)

    """#

  private static let kafkaSink = #"""


    class KafkaSink:
        """Every message is acknowledged by all replicas in sync before the batch counts as sent."""

        def __init__(self, servers):
            import confluent_kafka
            # Shorter than the database lets the transaction idle: a relay that hangs loses its lane after it gave up.
            self.producer = confluent_kafka.Producer({
                "bootstrap.servers": servers, "enable.idempotence": True, "acks": "all", "delivery.timeout.ms": 30000})

        def publish(self, messages):
            failed = []
            for m in messages:
                self.producer.produce(
                    m["topic"], key=m["key"].encode(), value=m["value"].encode(),
                    headers=[(k, v.encode()) for k, v in m["headers"].items()],
                    on_delivery=lambda error, _: failed.append(error) if error else None)
            if self.producer.flush(35) or failed:
                self.producer.purge()
                raise IOError("not acknowledged: %s" % (failed[:1] or "time is up"))

    """#

  private static let redisSink = #"""


    class RedisSink:
        """One stream a topic; a batch is one transaction."""

        def __init__(self, address):
            import redis
            self.client = redis.Redis.from_url("redis://" + address)

        def publish(self, messages):
            pipe = self.client.pipeline(transaction=True)
            for m in messages:
                pipe.xadd(m["topic"], {**m["headers"], "key": m["key"], "data": m["value"]})
            pipe.execute()

    """#

  private static let tail = #"""


    def relay_lane(connection, settings, sink, lane):
        """Publishes what is open in a lane; -1 when another relay works on it. Sent first, marked after: at least once."""
        cursor = connection.cursor()
        cursor.execute(settings["lock"], (lane,))
        if cursor.fetchone() is None:
            connection.rollback()
            return -1
        cursor.execute(settings["read"], (lane,))
        rows = cursor.fetchall()
        if rows:
            try:
                sink.publish([message(row, settings["topic"]) for row in rows])
            except Exception as error:
                raise NotSent(str(error)) from error
            cursor.executemany(settings["mark"], [(row[0],) for row in rows])
        connection.commit()
        return len(rows)


    def open_lanes(connection, settings):
        cursor = connection.cursor()
        cursor.execute(settings["candidates"])
        lanes = [row[0] for row in cursor.fetchall()]
        connection.commit()
        # Relays that start with different lanes get in each other's way less.
        random.shuffle(lanes)
        return lanes


    def main():
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("settings")
        parser.add_argument("--sink", required=True)
        parser.add_argument("--once", action="store_true", help="end when nothing is open")
        arguments = parser.parse_args()
        with open(arguments.settings, encoding="utf-8") as file:
            settings = json.load(file)
        kind, _, address = arguments.sink.partition(":")
        sinks = @SINKS@
        if kind not in sinks:
            parser.error("no sink %s; known: %s" % (kind, ", ".join(sorted(sinks))))
        sink = sinks[kind](address)
        connection = connect(settings["engine"])
        for statement in settings["setup"]:
            connection.cursor().execute(statement)
        connection.commit()
        waiting = {}
        while True:
            moved = 0
            lanes = open_lanes(connection, settings)
            for lane in lanes:
                if waiting.get(lane, 0) > time.monotonic():
                    continue
                try:
                    moved += max(0, relay_lane(connection, settings, sink, lane))
                    waiting.pop(lane, None)
                except NotSent as error:
                    # The broker refuses: nothing was marked, and this lane alone waits.
                    connection.rollback()
                    waiting[lane] = time.monotonic() + 5
                    print("lane %s waits: %s" % (lane, error), file=sys.stderr, flush=True)
            if arguments.once and not lanes:
                return
            if not moved:
                time.sleep(0.2)


    if __name__ == "__main__":
        main()

    """#
}
