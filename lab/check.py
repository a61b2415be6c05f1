#!/usr/bin/env python3
"""Checks that a running service shows what the lab sheet says, whatever the process ids are.

Needs Python 3.8 or later and nothing else. Each line that it prints is one statement; it exits with 1 if one is false.
"""
import argparse
import json
import sys
import urllib.error
import urllib.request

NUMBERS = [3, -1, 4, 1, -5, 9, 2, 6]
SQUARES = [n * n for n in NUMBERS]
MATCHES = {"shared-memory": True, "none": False, "message-passing": True}

failures = 0


def say(holds, statement, answer):
    global failures
    print("ok    " if holds else "FALSE ", statement)
    if not holds:
        failures += 1
        print("       the answer was", json.dumps(answer))


def ask(url, query, numbers=NUMBERS):
    request = urllib.request.Request(url + "/square?" + query, json.dumps(numbers).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as problem:
        return problem.code, json.load(problem)


def check_experiment(url, ipc, match):
    _, answer = ask(url, "ipc=" + ipc)
    child, parent = answer.get("childReported", {}), answer.get("parentObserved", {})
    say(child.get("squares") == SQUARES and child.get("sum") == sum(SQUARES),
        ipc + ": the child has squared all numbers, and added the squares up", answer)
    say(child.get("pid") != parent.get("pid"), ipc + ": child and parent are two processes", answer)
    say(answer.get("match") is match, ipc + ": match is " + json.dumps(match), answer)
    seen = SQUARES if match else []
    say(parent.get("squares") == seen and parent.get("sum") == sum(seen),
        ipc + ": the parent sees " + ("the same" if match else "nothing of it"), answer)


def check_processes(url):
    parents = set()
    children = {"fresh": [], "pooled": []}
    for process, pids in children.items():
        for _ in range(3):
            _, answer = ask(url, "process=" + process)
            pids.append(answer.get("childReported", {}).get("pid"))
            parents.add(answer.get("parentObserved", {}).get("pid"))
    say(len(set(children["fresh"])) == 3, "fresh: three requests have three children", children)
    say(len(set(children["pooled"])) < 3, "pooled: a child serves more than one request", children)
    say(len(parents) == 1, "all of them have one parent", sorted(parents))


def check_one_sum(url):
    numbers = list(range(1, 200_001))
    true_sum = sum(n * n for n in numbers)
    for how in ("unsynchronized", "atomic", "locked"):
        _, answer = ask(url, "processes=2&process=pooled&view=summary&sum=" + how, numbers)
        found, lost = answer.get("parentObserved", {}).get("sum", 0), answer.get("lostUpdates", -1)
        # That two processes meet is up to the scheduler: some runs lose nothing.
        say(found + lost == true_sum and (lost == 0 or how == "unsynchronized" and lost > 0),
            how + ": two children have added to one sum, and " + ("no update" if lost == 0 else "an update") + " was lost",
            answer)


def check_kernel(url):
    for ipc, mode in (("shared-memory", "rw-s"), ("none", "rw-p")):
        _, answer = ask(url, "explain=true&ipc=" + ipc)
        maps = {side: answer["evidence"][side]["maps"].split() for side in ("child", "parent")}
        say(maps["child"][1] == mode, ipc + ": the kernel says that the child's mapping is " + mode, maps)
        say(maps["child"][3:5] == maps["parent"][3:5], ipc + ": both have mapped the file with one inode", maps)


def check_death(url):
    for ipc, written in (("shared-memory", len(NUMBERS) // 2), ("none", 0)):
        status, answer = ask(url, "explain=true&fault=kill&ipc=" + ipc)
        say(status == 502 and answer.get("written") == written,
            f"{ipc}: of a child that is killed halfway the parent sees {written} squares", answer)
    status, answer = ask(url, "")
    say(status == 200, "the next request is served", answer)


def expectation(text):
    ipc, _, match = text.partition("=")
    if ipc not in MATCHES or match not in ("true", "false"):
        raise argparse.ArgumentTypeError("must be, for example, none=false")
    return ipc, match == "true"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--expect", metavar="IPC=MATCH", type=expectation, action="append", default=[],
                        help="what to expect of an experiment in place of what is so, for example none=true")
    arguments = parser.parse_args()

    for ipc, match in {**MATCHES, **dict(arguments.expect)}.items():
        check_experiment(arguments.url, ipc, match)
    check_processes(arguments.url)
    check_one_sum(arguments.url)
    with urllib.request.urlopen(arguments.url + "/about", timeout=60) as response:
        lab = json.load(response)["lab"]
    if lab:
        check_kernel(arguments.url)
        check_death(arguments.url)
    else:
        print("       the lab is off: nothing is checked of what the kernel says, and of a child that dies")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    try:
        main()
    except urllib.error.URLError as nobody:
        sys.exit(f"The service cannot be reached: {nobody.reason}")
