# What Testcontainers expects of its reaper: it says that it has started, takes labels on port 8080, and removes every
# container that has one of them when the connection ends. It reaches the engine by the socket that is mounted into it.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;

$| = 1;
my $listening = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1) or die $!;
print "Started\n";
my $client = $listening->accept or die $!;
my @labels;
while (my $line = <$client>) {
    next unless $line =~ /^label=(\S+)/;
    push @labels, $1;
    print $client "ACK\n";
}

sub ask {
    my ($request) = @_;
    my $engine = IO::Socket::UNIX->new(Peer => '/var/run/docker.sock') or die $!;
    print $engine "$request HTTP/1.0\r\n\r\n";
    local $/;
    return <$engine>;
}

open my $file, '<', '/etc/hostname' or die $!;
chomp(my $myself = <$file>);
for my $label (@labels) {
    my $listed = ask("GET /containers/json?all=1&filters=%7B%22label%22:%5B%22$label%22%5D%7D");
    for my $id ($listed =~ /"Id":"([0-9a-f]{64})"/g) {
        ask("DELETE /containers/$id?force=1&v=1") unless index($id, $myself) == 0;
    }
}
