"""What a child inherits: a list of its parent's, by fork or by spawn. Needs Python 3.8 or later, and no service."""
import multiprocessing
import sys

words = ["set when the program begins"]


def show():
    print("child ", words)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])  # fork or spawn
    words.append("added by the parent")
    child = multiprocessing.Process(target=show)
    child.start()
    child.join()
    print("parent", words)
