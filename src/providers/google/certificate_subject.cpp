#include "providers/google/certificate_subject.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "json/document.hpp"
#include "json/object_writer.hpp"
#include "providers/google/token_failures.hpp"
#include "signing/base64.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::size_t longest_file = 256UL * 1024;
constexpr std::string_view begin_mark = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_mark = "-----END CERTIFICATE-----";

std::unexpected<Error> wrong(std::string what, std::string hint) {
    return std::unexpected(Error{Remedy::failed, std::move(what), std::move(hint)});
}

// Where Google's programs look.
std::string default_config(Material& material) {
    if (auto named = material.variable("GOOGLE_API_CERTIFICATE_CONFIG")) return *std::move(named);
    if (const auto folder = material.variable("CLOUDSDK_CONFIG"))
        return *folder + "/certificate_config.json";
    return material.variable("HOME").value_or("") + "/.config/gcloud/certificate_config.json";
}

Result<Secret> content_of(const std::string& path, const std::string& named_by,
                          Material& material) {
    auto content = HEARTH_TRY(material.file(path, longest_file));
    if (content) return *std::move(content);
    return wrong(path + " is not there, and " + named_by + " names it",
                 "put it there, or name another one");
}

Result<ClientCertificate> certificate_of(const std::string& config, const std::string& place,
                                         Material& material) {
    const auto text = HEARTH_TRY(
        content_of(config, "the certificate in credential_source of " + place, material));
    const auto document = json::Document::parse(text.reveal());
    if (!document) return wrong(config + " is no JSON object", "make the file anew");
    const auto workload = document->object("cert_configs").object("workload");
    ClientCertificate certificate{.certificate_file = workload.text("cert_path"),
                                  .key_file = workload.text("key_path")};
    for (const auto* const name : {"cert_path", "key_path"})
        if (workload.text(name).empty())
            return wrong(config + " has no cert_configs.workload." + name,
                         "it names the certificate's file and the key's");
    return certificate;
}

Result<std::vector<std::string>> chain_in(const std::string& path, const std::string& named_by,
                                          Material& material) {
    const auto text = HEARTH_TRY(content_of(path, named_by, material));
    auto chain = certificates_in(text.reveal());
    if (chain) return *std::move(chain);
    return wrong(path + " holds no certificate in PEM, or a broken one",
                 "it has to hold -----BEGIN CERTIFICATE----- blocks");
}

// The leaf, and what the trust chain has besides; a leaf in it has to be its first.
Result<std::vector<std::string>> whole_chain(std::vector<std::string> chain,
                                             const std::string& trust_chain, Material& material) {
    chain.resize(1);
    if (trust_chain.empty()) return chain;
    const auto more = HEARTH_TRY(chain_in(trust_chain, "trust_chain_path", material));
    const auto begin = more.begin() + (more.front() == chain.front() ? 1 : 0);
    if (std::find(begin, more.end(), chain.front()) != more.end())
        return wrong(trust_chain + " has the workload's own certificate, and not as its first",
                     "put it first, or leave it out");
    chain.insert(chain.end(), begin, more.end());
    return chain;
}

// Base64 needs no escapes in JSON.
Secret list_of(const std::vector<std::string>& chain) {
    SecretBuilder list;
    for (const auto& one : chain)
        list.append(list.size() == 0 ? "[\"" : ",\"").append(one).append("\"");
    list.append("]");
    return list.take();
}

Result<CertificateSubject> subject_in(const CertificateSource& source, const std::string& place,
                                      Material& material) {
    const auto config =
        source.config_location.empty() ? default_config(material) : source.config_location;
    auto certificate = HEARTH_TRY(certificate_of(config, place, material));
    auto leaf = HEARTH_TRY(chain_in(certificate.certificate_file, config, material));
    const auto chain = HEARTH_TRY(whole_chain(std::move(leaf), source.trust_chain_path, material));
    CertificateSubject subject{.token = list_of(chain), .certificate = {}};
    subject.certificate = std::move(certificate);
    return subject;
}

// The same octets in one way of writing; absent for what is no certificate at all.
std::optional<std::string> normalised(std::string_view block) {
    std::string text;
    for (const char c : block)
        if (!std::string_view(" \t\r\n").contains(c)) text += c;
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    while (text.ends_with('=')) text.pop_back();
    const auto octets = signing::from_base64url(text);
    // An ASN.1 sequence.
    if (!octets || !octets->starts_with('\x30')) return {};
    return signing::base64(*octets);
}

}  // namespace

std::optional<std::vector<std::string>> certificates_in(std::string_view pem) {
    std::vector<std::string> found;
    for (;;) {
        const auto begin = pem.find(begin_mark);
        if (begin == std::string_view::npos) break;
        pem.remove_prefix(begin + begin_mark.size());
        const auto end = pem.find(end_mark);
        if (end == std::string_view::npos) return {};
        auto one = normalised(pem.substr(0, end));
        if (!one) return {};
        found.push_back(*std::move(one));
        pem.remove_prefix(end + end_mark.size());
    }
    if (found.empty()) return {};
    return found;
}

std::expected<CertificateSubject, TokenFailure> subject_of_certificate(
    const CertificateSource& source, const std::string& place, const Outside& outside) {
    auto subject = subject_in(source, place, outside.material);
    if (!subject) return not_asked(std::move(subject).error());
    return *std::move(subject);
}

}  // namespace hearth::providers::google
