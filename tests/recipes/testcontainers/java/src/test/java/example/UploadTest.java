// mvn test
package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** One badftp in a container for all tests; each loads its scenario, and ends with the verdict on the client. */
@Testcontainers
class UploadTest {
    static final String REPORT = "day,sold\nmonday,3\n";

    @Container
    static final BadftpContainer badftp = new BadftpContainer();

    @AfterEach
    void verdict() {
        badftp.verify();
    }

    @Test
    void aBusyServerIsAskedAgain() throws Exception {
        badftp.load("""
                rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
                expect: [{when: upload, times: 2, gap: 400ms+}]
                """);
        assertEquals(226, upload(3));
        assertEquals(REPORT, badftp.stored("/report.csv"));
    }

    @Test
    void aShippedScenario() throws Exception {
        badftp.load("ftp/data-425");
        assertEquals(425, upload(1));
    }

    /** What is tested: an upload that tries again. */
    static int upload(int tries) throws IOException, InterruptedException {
        int reply = store();
        for (int left = tries - 1; left > 0 && FTPReply.isNegativeTransient(reply); left--) {
            Thread.sleep(500);
            reply = store();
        }
        return reply;
    }

    static int store() throws IOException {
        FTPClient ftp = new FTPClient();
        ftp.connect(badftp.getHost(), badftp.getMappedPort(BadftpContainer.FTP));
        try {
            ftp.login("ann", "secret");
            ftp.enterLocalPassiveMode();
            ftp.setFileType(FTP.BINARY_FILE_TYPE);
            ftp.storeFile("report.csv", new ByteArrayInputStream(REPORT.getBytes()));
            return ftp.getReplyCode();
        } finally {
            ftp.disconnect();
        }
    }
}
