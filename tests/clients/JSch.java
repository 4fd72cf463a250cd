// Drives JSch: HOST PORT USER PASSWORD STEPS..., each step a method and its arguments in one word, parted by spaces:
// "put local /remote". Each step prints its result on a line of its own; an exception ends the run with its text.

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.Session;

@SuppressWarnings("unchecked")
public class JSch {
    public static void main(String[] arguments) throws Exception {
        Session session = new com.jcraft.jsch.JSch().getSession(arguments[2], arguments[0], Integer.parseInt(arguments[1]));
        session.setPassword(arguments[3]);
        session.setConfig("StrictHostKeyChecking", "no");
        session.connect(10000);
        ChannelSftp sftp = (ChannelSftp) session.openChannel("sftp");
        sftp.connect();
        try {
            for (int index = 4; index < arguments.length; index++) {
                String[] step = arguments[index].split(" ");
                System.out.println(result(sftp, step));
            }
        } catch (Exception error) {
            System.err.println(error);
            System.exit(1);
        }
        session.disconnect();
    }

    private static String result(ChannelSftp sftp, String[] step) throws Exception {
        switch (step[0]) {
            case "put": sftp.put(step[1], step[2]); return "ok";
            case "resume": sftp.put(step[1], step[2], ChannelSftp.RESUME); return "ok";
            case "get": sftp.get(step[1], step[2]); return "ok";
            case "rename": sftp.rename(step[1], step[2]); return "ok";
            case "rm": sftp.rm(step[1]); return "ok";
            case "mkdir": sftp.mkdir(step[1]); return "ok";
            case "rmdir": sftp.rmdir(step[1]); return "ok";
            case "chmod": sftp.chmod(Integer.parseInt(step[1], 8), step[2]); return "ok";
            case "symlink": sftp.symlink(step[1], step[2]); return "ok";
            case "readlink": return sftp.readlink(step[1]);
            case "stat": return sftp.stat(step[1]).getPermissionsString() + " " + sftp.stat(step[1]).getSize();
            case "ls":
                StringBuilder names = new StringBuilder();
                for (Object entry : new java.util.TreeSet<Object>(sftp.ls(step[1]))) {
                    names.append(((ChannelSftp.LsEntry) entry).getFilename()).append(' ');
                }
                return names.toString().trim();
            default: throw new IllegalArgumentException(step[0]);
        }
    }
}
