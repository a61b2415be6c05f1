package dev.squares.inprocess;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The smallest service that does the work. */
@SpringBootApplication(proxyBeanMethods = false)
public class InProcessApplication {
    public static void main(String[] args) {
        SpringApplication.run(InProcessApplication.class, args);
    }
}
