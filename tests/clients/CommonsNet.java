import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;

/**
 * Drives Apache Commons Net: HOST PORT USER PASSWORD WAY CA STEPS, where WAY is `explicit` or `implicit` and STEPS are
 * parted by `;`: `stor local /path; retr /path local; names /`. The server must show a certificate of that CA, for that
 * host; left to itself Commons Net looks at the dates only.
 */
class CommonsNet {
    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception error) {
            System.err.println(error.getClass().getSimpleName() + ": " + error.getMessage());
            System.exit(1);
        }
    }

    static void run(String[] args) throws Exception {
        FTPSClient ftp = new FTPSClient(args[4].equals("implicit"), trusting(args[5]));
        ftp.setEndpointCheckingEnabled(true);
        ftp.setConnectTimeout(5000);
        ftp.setDefaultTimeout(5000);
        ftp.setDataTimeout(Duration.ofSeconds(5));
        ftp.connect(args[0], Integer.parseInt(args[1]));
        expect(ftp, ftp.login(args[2], args[3]));
        ftp.execPBSZ(0);
        ftp.execPROT("P");
        ftp.enterLocalPassiveMode();
        ftp.setFileType(FTP.BINARY_FILE_TYPE);
        for (String step : args[6].split(";")) {
            step(ftp, step.trim().split(" "));
        }
        ftp.logout();
        ftp.disconnect();
    }

    static void step(FTPSClient ftp, String[] words) throws Exception {
        switch (words[0]) {
            case "stor" -> {
                try (FileInputStream local = new FileInputStream(words[1])) {
                    expect(ftp, ftp.storeFile(words[2], local));
                }
            }
            case "retr" -> {
                try (FileOutputStream local = new FileOutputStream(words[2])) {
                    expect(ftp, ftp.retrieveFile(words[1], local));
                }
            }
            case "names" -> {
                FTPFile[] files = ftp.listFiles(words[1]);
                System.out.println(Arrays.toString(Arrays.stream(files).map(FTPFile::getName).sorted().toArray()));
            }
            default -> throw new IllegalArgumentException("no step " + words[0]);
        }
    }

    static void expect(FTPSClient ftp, boolean done) throws Exception {
        if (!done) {
            throw new Exception(ftp.getReplyString().trim());
        }
    }

    static SSLContext trusting(String ca) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (FileInputStream pem = new FileInputStream(ca)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
