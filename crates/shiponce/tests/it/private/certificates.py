"""Makes two certificate authorities, a server and a client certificate of the first, for one day; in the folder given.

`ours.pem` and `theirs.pem` are the authorities; `server.pem`, `stranger.pem` and `client.pem` hold certificate and
key, the stranger's signed by the second authority.
"""

import datetime
import ipaddress
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

folder = sys.argv[1]
now = datetime.datetime.now(datetime.timezone.utc)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, signer, authority, usage=None):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if authority:
        usages = dict.fromkeys(
            "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
            "encipher_only decipher_only".split(),
            False,
        )
        builder = builder.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usages), critical=True)
    if usage:
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = builder.add_extension(address, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def write(file, *parts):
    with open(os.open(os.path.join(folder, file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(b"".join(parts))


def pair(file, subject, issuer, signer, usage):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write(file, certificate(subject, key, issuer, signer, False, usage), pem)


authorities = {}
for authority in ("ours", "theirs"):
    authorities[authority] = ec.generate_private_key(ec.SECP256R1())
    key = authorities[authority]
    write(f"{authority}.pem", certificate(authority, key, authority, key, True))
pair("server.pem", "server", "ours", authorities["ours"], ExtendedKeyUsageOID.SERVER_AUTH)
pair("stranger.pem", "stranger", "theirs", authorities["theirs"], ExtendedKeyUsageOID.SERVER_AUTH)
pair("client.pem", "release-bot", "ours", authorities["ours"], ExtendedKeyUsageOID.CLIENT_AUTH)
