package dev.squares.benchmarks;

/** Who does the work, on one path of one server. */
enum Contender {
    POOLED("pooled", Server.Kind.COORDINATOR, "/square?process=pooled"),
    NONE("pooled, ipc=none", Server.Kind.COORDINATOR, "/square?process=pooled&ipc=none"),
    MESSAGE("pooled, ipc=message-passing", Server.Kind.COORDINATOR, "/square?process=pooled&ipc=message-passing"),
    PAIR("pooled, in the pair", Server.Kind.PAIR, "/square?process=pooled"),
    FRESH("fresh", Server.Kind.SECOND_COORDINATOR, "/square?process=fresh"),
    ARRAY("in-process long[]", Server.Kind.IN_PROCESS, "/array"),
    LIST("in-process List<Long>", Server.Kind.IN_PROCESS, "/list"),
    LECTURE_FORK("lecture, fork", Server.Kind.LECTURE_FORK, "/square"),
    LECTURE_SPAWN("lecture, spawn", Server.Kind.LECTURE_SPAWN, "/square");

    private final String title;
    private final Server.Kind kind;
    private final String path;

    Contender(String title, Server.Kind kind, String path) {
        this.title = title;
        this.kind = kind;
        this.path = path;
    }

    String title() {
        return title;
    }

    Server.Kind kind() {
        return kind;
    }

    String path() {
        return path;
    }

    boolean isLecture() {
        return kind == Server.Kind.LECTURE_FORK || kind == Server.Kind.LECTURE_SPAWN;
    }
}
