package dev.squares.coordinator;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** Makes the pictures of docs/images from real runs. By its name no test: docs/images/README.md says how to run it. */
class PagePictures extends BrowserTest {
    private static final Path IMAGES = Path.of("../docs/images");
    /** In hundredths of a second, as GIF counts. */
    private static final int STEP = 130;
    private static final int LAST_STEP = 500;

    @Test
    void makesTheScreenshot() throws IOException {
        runUndisturbed();

        JsonNode rest = place("#race");
        Files.write(IMAGES.resolve("page.png"), screenshot(0, rest.get("top").intValue() - 4));
    }

    @Test
    void makesThePictureOfTheRace() throws IOException {
        browser().size(1180, 1000);
        browser().prefers("prefers-color-scheme", "light");
        for (String sum : List.of("atomic", "unsynchronized", "unsynchronized")) {
            page.click("#race [name=sum][value=" + sum + "]").click("#race-run");
            page.await("document.querySelector('#race-stop').hidden");
        }
        JsonNode race = place("#race");
        Files.write(IMAGES.resolve("race.png"),
                screenshot(race.get("top").intValue() - 4, race.get("bottom").intValue() + 4));
    }

    @Test
    void makesThePictureOfADeath() throws IOException {
        browser().size(1000, 1000);
        browser().prefers("prefers-color-scheme", "light");
        page.click("#stage [data-ipc=shared-memory] .pick").open("lab").click("#faults [data-fault=kill] button");
        page.awaitEnd();
        page.click("#last");
        Files.write(IMAGES.resolve("death.png"),
                screenshot(place("#stage").get("top").intValue() - 4, place("#stage").get("bottom").intValue() + 4));
    }

    @Test
    void makesTheAnimation() throws IOException {
        browser().size(1100, 800);
        runUndisturbed();
        browser().prefers("prefers-reduced-motion", "reduce");
        page.press(Keys.HOME);
        browser().driver.executeScript("document.activeElement.blur()");

        List<BufferedImage> frames = new ArrayList<>();
        int height = place("#stage").get("bottom").intValue() - place("#timeline").get("top").intValue() - 4;
        String phase;
        do {
            int top = place("#timeline").get("top").intValue() - 4;
            frames.add(ImageIO.read(new ByteArrayInputStream(screenshot(top, top + height))));
            phase = page.phase();
            page.press(Keys.ARROW_RIGHT);
        } while (!phase.equals("result"));
        writeAnimation(frames, IMAGES.resolve("page.gif"));
    }

    /** The first runs of a service are slower, and those on a busy machine. */
    private void runUndisturbed() {
        browser().prefers("prefers-color-scheme", "light");
        int runs = 0;
        do {
            page.run();
            runs++;
        } while (runs < 2 || runs < 20 && !page.text("#took").matches("[\\d.]{1,4} ms.*"));
    }

    private JsonNode place(String selector) {
        return browser().script("""
                const {top, bottom} = document.querySelector(arguments[0]).getBoundingClientRect();
                return {top: Math.round(top + scrollY), bottom: Math.round(bottom + scrollY)}""", selector);
    }

    private byte[] screenshot(int top, int bottom) {
        int width = browser().script("return document.documentElement.clientWidth").intValue();
        return Base64.getDecoder()
                .decode((String) browser().devTools("Page.captureScreenshot",
                        Map.of("format", "png", "captureBeyondViewport", true,
                                "clip", Map.of("x", 0, "y", top, "width", width, "height", bottom - top, "scale", 1)))
                        .get("data"));
    }

    private static void writeAnimation(List<BufferedImage> frames, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            BufferedImage before = null;
            for (BufferedImage frame : frames) {
                BufferedImage changes = changes(before, frame);
                int shown = frame == frames.getLast() ? LAST_STEP : STEP;
                writer.writeToSequence(new IIOImage(changes, null, described(writer, changes, shown)), null);
                before = frame;
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }

    /** A frame, transparent wherever it is as the one before, in the 256 colours that GIF has. */
    private static BufferedImage changes(@Nullable BufferedImage before, BufferedImage after) throws IOException {
        BufferedImage changes = new BufferedImage(after.getWidth(), after.getHeight(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < after.getHeight(); y++) {
            for (int x = 0; x < after.getWidth(); x++) {
                if (before == null || before.getRGB(x, y) != after.getRGB(x, y)) {
                    changes.setRGB(x, y, after.getRGB(x, y));
                }
            }
        }
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        ImageIO.write(changes, "gif", gif);
        return ImageIO.read(new ByteArrayInputStream(gif.toByteArray()));
    }

    private static IIOMetadata described(ImageWriter writer, BufferedImage image, int shown) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode root = new IIOMetadataNode(metadata.getNativeMetadataFormatName());
        int transparent = ((IndexColorModel) image.getColorModel()).getTransparentPixel();
        root.appendChild(node("GraphicControlExtension",
                Map.of("disposalMethod", "doNotDispose", "userInputFlag", "FALSE",
                        "transparentColorFlag", transparent < 0 ? "FALSE" : "TRUE",
                        "transparentColorIndex", Math.max(0, transparent), "delayTime", shown)));
        IIOMetadataNode loop = node("ApplicationExtension",
                Map.of("applicationID", "NETSCAPE", "authenticationCode", "2.0"));
        // Without an end.
        loop.setUserObject(new byte[]{1, 0, 0});
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(loop);
        root.appendChild(extensions);
        metadata.mergeTree(metadata.getNativeMetadataFormatName(), root);
        return metadata;
    }

    private static IIOMetadataNode node(String name, Map<String, ?> attributes) {
        IIOMetadataNode node = new IIOMetadataNode(name);
        attributes.forEach((attribute, value) -> node.setAttribute(attribute, value.toString()));
        return node;
    }
}
