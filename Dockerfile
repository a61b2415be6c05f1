# The images: `docker build .` is one container that does all, `--target coordinator` and `--target worker` are the pair.
#
# Base images are named by tag, so that a build has their security updates. Whoever needs the same image twice names them by
# digest (image:tag@sha256:...), and has a bot raise it: the digests are those of one's own registry or mirror.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
# What the build downloads depends on the poms alone. It is a layer of its own: a change of the sources downloads nothing.
COPY .mvn .mvn
COPY pom.xml ./
COPY worker-process/pom.xml worker-process/
COPY service-common/pom.xml service-common/
COPY worker-service/pom.xml worker-service/
COPY coordinator-service/pom.xml coordinator-service/
COPY tests/pom.xml tests/
RUN mvn --batch-mode --no-transfer-progress -Dmaven.test.skip=true -Dnullaway.skip=true -Dcyclonedx.skip=false package
COPY . .
# How the sources look, what they promise, and what their tests say, is for `mvn verify` to decide.
RUN mvn --batch-mode --no-transfer-progress --offline -Dmaven.test.skip=true -Dformatter.skip=true \
      -Dnullaway.skip=true -Dcyclonedx.skip=false package
# Libraries and the services' own classes, apart: the next image shares the former with this one.
RUN java -Djarmode=tools -jar coordinator-service/target/coordinator-service.jar \
      extract --layers --destination /extracted/coordinator && \
    java -Djarmode=tools -jar worker-service/target/worker-service-exec.jar \
      extract --layers --destination /extracted/worker

FROM eclipse-temurin:25-jre AS service
# 1000 is taken. Both services of a pair run as this one user: each may read and write what the other makes in the shared directory.
# Any other user id will do: nothing here is anybody's but root's, and all of it can be read.
RUN groupadd --gid 10001 squares && \
    useradd --uid 10001 --gid squares --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin squares && \
    install --directory --owner squares --group squares --mode 0700 /shared
WORKDIR /app
# What watches a service has a port of its own: clients that hold every connection of the other one do not keep it out, and
# metrics and the details of the health are not where clients are.
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_ADDRESS=0.0.0.0

FROM service AS coordinator-files
COPY --from=build /extracted/coordinator/dependencies/ ./
COPY --from=build /extracted/coordinator/snapshot-dependencies/ ./
COPY --from=build /extracted/coordinator/application/ ./
ENV MANAGEMENT_SERVER_PORT=9080
EXPOSE 8080 9080

FROM service AS worker-files
COPY --from=build /extracted/worker/dependencies/ ./
COPY --from=build /extracted/worker/snapshot-dependencies/ ./
COPY --from=build /extracted/worker/application/ ./
# What the worker processes start from is part of the image.
ENV SQUARES_WORKER_CACHE_DIRECTORY=/app/worker-cache MANAGEMENT_SERVER_PORT=9081
RUN java -cp worker-service-exec.jar dev.squares.worker.parent.AotTraining $SQUARES_WORKER_CACHE_DIRECTORY && \
    chmod --recursive a+rX $SQUARES_WORKER_CACHE_DIRECTORY
EXPOSE 8081 9081

# Both services of a pair work once, to keep what they load and link, and which of their code is run often: they start in half the time
# then, and the compiler knows where to begin. The flags that decide whether a cache fits are here and below.
FROM worker-files AS pair
COPY --from=coordinator-files /app ./
COPY deploy/train /usr/local/bin/
RUN java -XX:AOTCacheOutput=worker.aot -Xlog:aot*=error -XX:+UseSerialGC -jar worker-service-exec.jar & worker=$! && \
    MANAGEMENT_SERVER_PORT=9080 SQUARES_WORKER_URL=http://127.0.0.1:8081 \
      train java -XX:AOTCacheOutput=coordinator.aot -Xlog:aot*=error -XX:+UseSerialGC -jar coordinator-service.jar && \
    kill -TERM $worker && { wait $worker || test $? = 143; }

FROM coordinator-files AS coordinator
COPY --from=pair /app/coordinator.aot service.aot
USER 10001:10001
ENTRYPOINT ["java", "-XX:AOTCache=service.aot", "-XX:+UseSerialGC", "-Xmx192m", "-XX:+ExitOnOutOfMemoryError", \
  "-jar", "coordinator-service.jar"]

FROM worker-files AS worker
COPY --from=pair /app/worker.aot service.aot
USER 10001:10001
ENTRYPOINT ["java", "-XX:AOTCache=service.aot", "-XX:+UseSerialGC", "-Xmx192m", "-XX:+ExitOnOutOfMemoryError", \
  "-jar", "worker-service-exec.jar"]

# One container: the coordinator forks worker processes itself. Its mapped files are in /dev/shm (--shm-size), and what little else
# it writes is there too, so that its root may be read-only without a volume.
FROM coordinator-files AS squares-files
ENV SQUARES_WORKER_CACHE_DIRECTORY=/app/worker-cache
RUN java -cp coordinator-service.jar dev.squares.worker.parent.AotTraining $SQUARES_WORKER_CACHE_DIRECTORY && \
    chmod --recursive a+rX $SQUARES_WORKER_CACHE_DIRECTORY

FROM squares-files AS squares-training
COPY deploy/train /usr/local/bin/
RUN train java -XX:AOTCacheOutput=service.aot -Xlog:aot*=error -XX:+UseSerialGC -jar coordinator-service.jar

FROM squares-files AS squares
COPY --from=squares-training /app/service.aot ./
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9080 && \
  printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200'* ]]"]
ENTRYPOINT ["java", "-XX:AOTCache=service.aot", "-XX:+UseSerialGC", "-Xmx192m", "-XX:+ExitOnOutOfMemoryError", \
  "-Djava.io.tmpdir=/dev/shm", "-jar", "coordinator-service.jar"]
