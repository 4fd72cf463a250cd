# Drives Net::FTP: HOST PORT USER PASSWORD STEPS, where STEPS is JSON: [["get", "/hello.txt", "local"], ...].
#
# Each step is a method of Net::FTP and prints its result on a line of its own; one that fails ends the run with the
# server's last reply.

use strict;
use warnings;
use JSON::PP;
use Net::FTP;

my ($host, $port, $user, $password, $steps) = @ARGV;
my $json = JSON::PP->new->utf8->allow_nonref;
my $ftp = Net::FTP->new($host, Port => $port, Timeout => 5) or die "$@\n";
$ftp->login($user, $password) or fail();
for my $step (@{$json->decode($steps)}) {
    my ($name, @arguments) = @$step;
    # Names are bytes to Net::FTP.
    utf8::encode($_) for grep { defined } @arguments;
    if ($name eq 'passive') {
        $ftp->passive(@arguments);
        next;
    }
    my $result = $ftp->$name(@arguments);
    fail() unless defined $result && $result ne '';
    my $shown = ref $result ? [@$result] : "$result";
    utf8::decode($_) for ref $shown ? @$shown : $shown;
    print $json->encode($shown), "\n";
}
$ftp->quit;

sub fail {
    my ($text) = $ftp->message;
    die $ftp->code . " $text";
}
