// What is signed of a request that came from elsewhere, as the agent's callers send them: a path, a
// query, a header's value and a body, a line each.
#include "hearth/sigv4.hpp"

#include <algorithm>

#include "fuzz/target.hpp"
#include "sigv4/encoding.hpp"
#include "sigv4/signed_headers.hpp"

namespace hearth::fuzz {
namespace {

using namespace sigv4;

std::string path_of(std::string_view path, PathRule rule) {
    TextWriter writer;
    append_path(writer, path, rule, *std::pmr::new_delete_resource());
    return writer.finish();
}

std::string query_of(std::string_view text) {
    TextWriter writer;
    CanonicalQuery query(*std::pmr::new_delete_resource());
    query.add(text);
    query.append_to(writer);
    return writer.finish();
}

std::string value_of(std::string_view value) {
    const HeaderView header{"a", value};
    TextWriter writer;
    SignedHeaders({&header, 1}, *std::pmr::new_delete_resource()).append_to(writer);
    return writer.finish();
}

// Letters, digits, "-._~", what else is named, and triplets in capitals.
bool canonical(std::string_view text, std::string_view also) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (unreserved.contains(text[i]) || also.contains(text[i])) continue;
        if (text[i] != '%' || i + 2 >= text.size()) return false;
        if (!digits.contains(text[i + 1]) || !digits.contains(text[i + 2])) return false;
        i += 2;
    }
    return true;
}

void try_path(std::string_view path) {
    const auto normalised = path_of(path, PathRule::normalised);
    require(canonical(normalised, "/") && normalised.starts_with('/'));
    require(!normalised.contains("//") && !(normalised + "/").contains("/./"));
    require(!(normalised + "/").contains("/../"));
    require(canonical(path_of(path, PathRule::as_given), "/"));
    // A path that is signed as it is sent is signed alike when it was canonical already.
    const auto encoded = path_of(path, PathRule::encoded);
    require(canonical(encoded, "/") && path_of(encoded, PathRule::encoded) == encoded);
    require(std::ranges::count(encoded, '/') ==
            std::max<long>(std::ranges::count(path, '/'), path.empty() ? 1 : 0));
    // Segments that stand for nothing change nothing.
    if (path.starts_with('/'))
        require(path_of("/./" + std::string(path), PathRule::normalised) == normalised);
}

void try_query(std::string_view query) {
    const auto text = query_of(query);
    require(canonical(text, "&="));
    require(query_of(text) == text);
    require(std::ranges::count(text, '=') ==
            (text.empty() ? 0 : std::ranges::count(text, '&') + 1));
}

void try_value(std::string_view value) {
    const auto line = value_of(value);
    require(line.starts_with("a:") && line.ends_with('\n'));
    const auto folded = std::string_view(line).substr(2, line.size() - 3);
    require(!folded.contains("  ") && !folded.contains('\n') && !folded.starts_with(' '));
    require(value_of(folded) == line);
}

void try_signing(const sigv4::Request& request, std::string_view token) {
    const std::chrono::sys_seconds at(std::chrono::seconds(1'800'000'000));
    const Signer signer;
    const Keys keys{.id = "AKIDEXAMPLE", .secret = planted, .session_token = token};
    for (const auto& service :
         {Service{.name = "sts", .region = "eu-central-1"}, Service::s3("us-east-1")}) {
        const auto done = signer.sign(request, keys, service, at);
        if (!done) return require_discreet(done.error());
        require(!done->authorization.contains(planted));
        const auto query = signer.presign(request, keys, service, at, std::chrono::seconds(60));
        require(query && query->starts_with(request.query));
    }
}

}  // namespace

void try_input(std::string_view input) {
    const auto [path, after_path] = first_line(input);
    const auto [query, after_query] = first_line(after_path);
    const auto [value, body] = first_line(after_query);
    try_path(path);
    try_query(query);
    try_value(value);
    const HeaderView header{"X-Header", value};
    try_signing({.method = "POST",
                 .host = "example.amazonaws.com",
                 .path = path,
                 .query = query,
                 .headers = {&header, 1},
                 .body = body,
                 .payload_hash = {}},
                value);
}

}  // namespace hearth::fuzz
