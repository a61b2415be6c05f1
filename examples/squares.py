#!/usr/bin/env python3
"""A client in Python, on its standard library alone: python3 squares.py [address of the service]."""
import json
import sys
import urllib.error
import urllib.request


class Problem(Exception):
    """A problem detail, see RFC 9457."""

    def __init__(self, detail):
        super().__init__(detail["detail"])
        self.type = detail["type"].rpartition(":")[2]
        self.action = detail["action"]


def square(service, numbers, **options):
    """The answer to a list of integers. Python's integers have as many digits as a sum needs."""
    query = "&".join(f"{name}={value}" for name, value in options.items())
    request = urllib.request.Request(f"{service}/square?{query}", json.dumps(numbers).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise Problem(json.load(error)) from error


def main(service="http://localhost:8080"):
    for ipc in ("shared-memory", "none", "message-passing"):
        answer = square(service, [1, 2, 3, 4], ipc=ipc)
        print(f"{ipc}: the child reports {answer['childReported']['squares']},",
              f"the parent observes {answer['parentObserved']['squares']}")

    numbers = list(range(1, 100_001))
    for how in ("unsynchronized", "atomic"):
        answer = square(service, numbers, processes=2, sum=how, view="summary")
        print(f"{how}: {len(answer['childrenReported'])} children,",
              "no update was lost" if answer["match"] else "updates were lost")

    try:
        square(service, [1, 2.5])
    except Problem as problem:
        print(f"{problem.type}: {problem} {problem.action}")


if __name__ == "__main__":
    main(*sys.argv[1:])
