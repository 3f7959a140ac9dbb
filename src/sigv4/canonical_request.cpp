#include "sigv4/canonical_request.hpp"

#include <algorithm>

namespace hearth::sigv4 {
namespace {

void append_upper(Writer& writer, std::string_view text) {
    for (const char c : text)
        writer.append(static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
}

bool is_hash(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Text<64> hash_of_body(const Request& request) {
    static constexpr std::string_view of_nothing =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    if (request.body.empty()) return Text<64>().append(of_nothing);
    return hexadecimal(Sha256::of(request.body));
}

bool brings_content_hash(const Request& request) {
    return std::ranges::any_of(request.headers, [](const HeaderView& header) {
        return same_name(header.name, "x-amz-content-sha256");
    });
}

}  // namespace

void CanonicalRequest::append_to(Writer& writer, std::pmr::memory_resource& memory) const {
    append_upper(writer, request.method);
    writer.append('\n');
    append_path(writer, request.path, path, memory);
    writer.append('\n');
    query.append_to(writer);
    writer.append('\n');
    headers.append_to(writer);
    writer.append('\n');
    writer.append(headers.names());
    writer.append('\n');
    writer.append(payload_hash);
}

Digest CanonicalRequest::hash(std::pmr::memory_resource& memory) const {
    HashWriter writer;
    append_to(writer, memory);
    return writer.finish();
}

Result<Payload> Payload::of(const Request& request, const Service& service) {
    const auto given = request.payload_hash;
    if (given.size() > 64)
        return std::unexpected(
            Error{Remedy::usage, "AWS: what stands for the body is no hash", ""});
    return Payload{.hash = given.empty() ? hash_of_body(request) : Text<64>().append(given),
                   .told = service.content_hash == ContentHash::always ||
                           (!given.empty() && !is_hash(given)) || brings_content_hash(request)};
}

Result<Payload> Payload::of_presigned(const Request& request, const Service& service) {
    auto payload = of(request, service);
    if (!payload) return payload;
    payload->told = false;
    if (request.payload_hash.empty() && service.content_hash == ContentHash::always)
        payload->hash = Text<64>().append(unsigned_payload);
    return payload;
}

std::pmr::vector<HeaderView> headers_to_sign(const Request& request,
                                             std::span<const HeaderView> made,
                                             std::span<const std::string_view> left_out,
                                             std::pmr::memory_resource& memory) {
    std::pmr::vector<HeaderView> headers(&memory);
    headers.reserve(made.size() + request.headers.size());
    headers.assign(made.begin(), made.end());
    const auto replaced = [&](std::string_view name) {
        return std::ranges::any_of(made, [&](auto& one) { return same_name(one.name, name); }) ||
               std::ranges::any_of(left_out, [&](auto one) { return same_name(one, name); });
    };
    for (const auto& header : request.headers)
        if (may_be_signed(header.name) && !replaced(header.name)) headers.push_back(header);
    return headers;
}

}  // namespace hearth::sigv4
