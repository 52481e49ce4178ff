#!/usr/bin/env perl
# Colo: a provider of machines that stand in a rented rack, read from a list of one's own. It shows a plugin in a
# language that Plimsoll knows nothing of, made from docs/reference/plugin-protocol.md alone. Needs Perl 5.14 and its
# core modules. Without the setting `file` its rows are synthetic.
use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $LINE_BYTES = 4194304;
my ($buffer, $is_open) = ('', 1);
my ($is_initialized, $settings);

my $manifest = {
    protocol_version => '1', name => 'colo', version => '1.0.0', kind => 'provider',
    capabilities => ['resources', 'prices'],
    provider => {
        id => 'colo', title => 'Colocation', permissions => [], not_covered => ['power and traffic as measured'],
    },
    settings_schema => {
        type => 'object', additionalProperties => JSON::PP::false,
        properties => {
            file => { type => 'string', description => 'CSV: name,rack,size,cores,eur_a_month' },
        },
    },
};

# ---- Lines ----

# The next line, or undef at the end. With `only if there`, undef where none has come yet.
sub line {
    my ($is_waiting) = @_;
    while ($buffer !~ /\n/) {
        return undef unless $is_open;
        if (!$is_waiting) {
            my $bits = '';
            vec($bits, fileno(STDIN), 1) = 1;
            return undef unless select($bits, undef, undef, 0);
        }
        my $count = sysread(STDIN, $buffer, 65536, length $buffer);
        $is_open = 0 unless $count;
    }
    $buffer =~ s/^([^\n]*)\n//;
    return $1;
}

sub send_message {
    my ($message) = @_;
    my $text = $json->encode({ jsonrpc => '2.0', %$message }) . "\n";
    while (length $text) {
        my $count = syswrite(STDOUT, $text);
        exit 1 unless defined $count;
        substr($text, 0, $count, '');
    }
}

sub fail {
    my ($id, $code, $text, $class, $hint) = @_;
    my $error = { code => $code, message => $text };
    $error->{data} = { class => $class, hint => $hint // '' } if $class;
    send_message({ id => $id, error => $error });
}

# The next message that is one; those that are none are answered here.
sub receive {
    my ($is_waiting) = @_;
    while (defined(my $line = line($is_waiting))) {
        if (length $line > $LINE_BYTES) {
            fail(undef, -32003, 'the line is too long');
            next;
        }
        my $message = eval { $json->decode($line) };
        if (ref $message eq 'HASH' && defined $message->{method} && !ref $message->{method}) { return $message }
        fail(undef, -32700, 'the line is no request');
    }
    return undef;
}

# ---- Requests ----

my %methods = (
    configure => \&configure, check => sub { { usable => JSON::PP::true, detail => scalar(machines()) . ' machines' } },
    discover => sub {
        my $streams = [map { { id => $_, what => $_ } } 'machines', 'prices'];
        return { streams => $streams, gaps => [] };
    },
    read => \&read_stream,
);

sub handle {
    my ($message) = @_;
    my ($id, $method, $params) = ($message->{id}, $message->{method}, $message->{params} // {});
    return unless exists $message->{id};
    my $result = eval {
        return {} if $method eq 'ping' || $method eq 'shutdown';
        return initialize($params) if $method eq 'initialize';
        die [-32601, "there is no method $method"] unless $methods{$method};
        die [-32002, 'initialize and configure come first']
            unless $is_initialized && ($settings || $method eq 'configure');
        return $methods{$method}->($params, $id);
    };
    if ($result) { send_message({ id => $id, result => $result }) }
    elsif (ref $@ eq 'ARRAY') { fail($id, @{ $@ }) }
    else { fail($id, -32602, "params cannot be read: $@") }
}

sub initialize {
    my ($params) = @_;
    die [-32002, 'it is initialized already'] if $is_initialized;
    die [-32000, 'only version 1 is spoken here', 'unsupported', 'use a newer colo.pl']
        unless grep { $_ eq '1' } @{ $params->{protocol_versions} };
    $is_initialized = 1;
    return $manifest;
}

sub configure {
    my ($params) = @_;
    for my $name (keys %{ $params->{settings} }) {
        die [-32000, "there is no setting $name", 'config', 'colo.pl takes `file`']
            unless $manifest->{settings_schema}{properties}{$name};
        die [-32000, "the setting $name is no text", 'config', 'give a path'] if ref $params->{settings}{$name};
    }
    $settings = $params->{settings};
    return {};
}

# Sends the rows after those that the state counts, a batch for every credit.
sub read_stream {
    my ($params, $id) = @_;
    my %rows = (machines => \&machines, prices => \&prices);
    my $make = $rows{ $params->{stream} } or die [-32000, "there is no stream $params->{stream}", 'config', ''];
    my $state = $params->{state} // '0';
    my @rows = $make->();
    die [-32000, 'the state is none of this plugin', 'data', 'read the stream from its beginning']
        unless $state =~ /^\d+$/ && $state <= @rows;
    my ($credit, $batches, $sent, $at) = ($params->{credit}, 0, 0, $state);
    my $size = $params->{batch_rows} < 10 ? $params->{batch_rows} : 10;
    while ($at < @rows) {
        while (1) {
            # With credit, only what has come already is looked at.
            my $message = receive($credit == 0);
            last if !$message && $credit > 0;
            exit 0 unless $message;
            my ($method, $given) = ($message->{method}, $message->{params} // {});
            if ($method eq 'credit' && ($given->{request} // '') eq $id) { $credit += $given->{add} }
            elsif ($method eq 'cancel' && ($given->{request} // '') eq $id) {
                return { end => 'cancelled', batches => $batches, rows => $sent };
            }
            elsif ($method eq 'ping') { send_message({ id => $message->{id}, result => {} }) }
            elsif (exists $message->{id}) { fail($message->{id}, -32004, 'a read is running') }
        }
        my $last = $at + $size > @rows ? $#rows : $at + $size - 1;
        my @some = @rows[$at .. $last];
        $at = $last + 1;
        $credit--;
        $batches++;
        $sent += @some;
        my $kind = $params->{stream} eq 'prices' ? 'prices' : 'resources';
        my $batch = { request => $id, seq => $batches, rows => { $kind => \@some }, state => "$at" };
        send_message({ method => 'batch', params => $batch });
    }
    return { end => 'done', batches => $batches, rows => $sent };
}

# ---- Rows ----

# Lines of the list, or made-up ones.
sub listed {
    my $file = $settings->{file};
    return map { ["db-$_", 'rack-' . ($_ % 2), $_ % 3 ? 'large' : 'small', $_ % 3 ? 32 : 8, $_ % 3 ? '310.00' : '95.50'] }
        1 .. 25
        unless defined $file;
    open(my $handle, '<:encoding(UTF-8)', $file)
        or die [-32000, "the list `$file` cannot be opened: $!", 'config', 'name a file that can be read'];
    my @lines = map { s/\r?\n$//r } <$handle>;
    shift @lines;
    my $number = 1;
    return map {
        $number++;
        my @cells = split /,/, $_, -1;
        die [-32000, "$file:$number: five cells are needed, not " . @cells, 'data', 'write name,rack,size,cores,eur_a_month']
            unless @cells == 5 && $cells[4] =~ /^\d+(\.\d+)?$/;
        \@cells;
    } grep { length } @lines;
}

sub machines {
    return map {
        my ($name, $rack, $size, $cores) = @$_;
        {
            provider => 'colo', type => 'instance', id => "$rack/$name", name => $name, region => 'own', zone => $rack,
            sku => $size, state => 'running', attributes => { cores => "$cores" },
        }
    } listed();
}

# A month of a year's average: 730 hours.
sub prices {
    my %seen;
    return map {
        my ($size, $month) = @{$_}[2, 4];
        {
            provider => 'colo', region => 'own', service => 'compute', sku => $size, offer => 'on-demand',
            price => sprintf('%.6f', $month / 730), currency => 'EUR', unit => 'Hrs',
            source => defined $settings->{file} ? 'own list' : 'synthetic',
        }
    } grep { !$seen{ $_->[2] }++ } listed();
}

# ---- Life ----

if (($ENV{PLIMSOLL_PLUGIN_COOKIE} // '') ne 'plimsoll-plugin-1') {
    print STDERR "this is a plugin of Plimsoll: `plimsoll plugin add` registers it\n";
    exit 64;
}
binmode STDIN;
binmode STDOUT;
while (my $message = receive(1)) {
    handle($message);
    last if $message->{method} eq 'shutdown';
}
exit 0;
