package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nkeys"
)

// TestWhoOneIs: a server that wants a name, or an NKey, and is reached by TLS, serves who has it, and nobody else.
func TestWhoOneIs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	ca := write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	tlsKey := write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	user, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	public, err := user.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	nkey := write("user.nk", string(seed))
	s := newSite(t)
	address := strings.TrimPrefix(s.url, "nats://")
	s.serve("--config", write("server.conf", "listen: \""+address+"\"\ntls {cert_file: \""+ca+"\", key_file: \""+tlsKey+
		"\"}\nauthorization {users: [{user: a, password: b}, {nkey: "+public+"}]}\n"))
	for _, c := range []struct {
		name string
		d    dialing
		ok   bool
	}{
		{"a name", dialing{url: "tls://a:b@" + address, ca: ca}, true},
		{"an NKey", dialing{url: s.url, ca: ca, nkey: nkey}, true},
		{"a wrong name", dialing{url: "tls://a:c@" + address, ca: ca}, false},
		{"nobody", dialing{url: s.url, ca: ca}, false},
		{"no certificate to trust", dialing{url: "tls://a:b@" + address}, false},
		{"no such file", dialing{url: s.url, ca: ca, nkey: filepath.Join(dir, "none")}, false},
	} {
		h, err := c.d.open(t.Context())
		if err == nil {
			h.nc.Close()
		}
		if (err == nil) != c.ok || err != nil && (strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "a:")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
