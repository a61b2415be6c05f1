"""The lecture's second program behind Python's standard HTTP server.

A child process squares a list into shared memory; the answer shows what both sides see. One process a request, as in the
lecture: with `fork` the child is a copy of this process, threads and all but the one that forked left out; with `spawn` it
is a new interpreter. The child "prints" its side into a pipe, since its terminal is nobody's here.

usage: server.py fork|spawn
"""

import json
import multiprocessing
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def square_list(numbers, result, square_sum, report):
    for index, number in enumerate(numbers):
        result[index] = number * number
    square_sum.value = sum(result)
    report.send_bytes(side(result, square_sum))


def side(result, square_sum):
    squares = result[:]
    return json.dumps(
        {"pid": os.getpid(), "count": len(squares), "sum": square_sum.value, "squares": squares}, separators=(",", ":")
    ).encode()


def run(context, numbers):
    result = context.Array("q", len(numbers))
    square_sum = context.Value("q")
    parent_end, child_end = context.Pipe(duplex=False)
    with parent_end:
        with child_end:
            process = context.Process(target=square_list, args=(numbers, result, square_sum, child_end))
            process.start()
        # Before the join: a child whose report does not fit into the pipe waits for its reader.
        reported = parent_end.recv_bytes()
        process.join()
    return b'{"childReported":' + reported + b',"parentObserved":' + side(result, square_sum) + b"}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The head and the body of an answer are two writes: without this, the second would wait for the client's
    # acknowledgement of the first.
    disable_nagle_algorithm = True
    context = None

    def do_POST(self):
        numbers = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = run(self.context, numbers)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    # More than the standard 5 clients may knock at once.
    request_queue_size = 128


if __name__ == "__main__":
    Handler.context = multiprocessing.get_context(sys.argv[1])
    with Server(("127.0.0.1", 0), Handler) as server:
        print(f"started on port {server.server_port}", flush=True)
        server.serve_forever()
