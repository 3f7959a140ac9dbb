#include <array>
#include <bit>
#include <charconv>

#include "hearth/sigv4.hpp"
#include "sigv4/signing.hpp"

namespace hearth::sigv4 {
namespace {

constexpr std::string_view label = ";chunk-signature=";
constexpr std::string_view line_end = "\r\n";

std::uint64_t length_of_chunk(std::uint64_t size) {
    const auto digits = size == 0 ? 1U : (std::bit_width(size) + 3) / 4;
    return digits + label.size() + 64 + (2 * line_end.size()) + size;
}

}  // namespace

struct ChunkSigner::State {
    HmacKey key;
    Scope scope;
    Text<64> previous;
};

ChunkSigner::ChunkSigner(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
ChunkSigner::ChunkSigner(ChunkSigner&&) noexcept = default;
ChunkSigner& ChunkSigner::operator=(ChunkSigner&&) noexcept = default;
ChunkSigner::~ChunkSigner() = default;

std::string ChunkSigner::head(std::string_view chunk) {
    Text<512> text;
    text.append("AWS4-HMAC-SHA256-PAYLOAD\n").append(state_->scope.date.view()).append("\n");
    text.append(state_->scope.text.view()).append("\n");
    text.append(state_->previous.view()).append("\n");
    text.append(hexadecimal(Sha256::of({})).view()).append("\n");
    text.append(hexadecimal(Sha256::of(chunk)).view());
    state_->previous = hexadecimal(state_->key.of(text.view()));

    std::array<char, 16> size{};
    const auto end = std::to_chars(size.begin(), size.end(), chunk.size(), 16);
    std::string head(size.data(), end.ptr);
    head.append(label).append(state_->previous.view()).append(line_end);
    return head;
}

std::uint64_t ChunkSigner::length(std::uint64_t size, std::uint64_t chunk_size) noexcept {
    if (chunk_size == 0) return 0;
    const auto rest = size % chunk_size;
    return (size / chunk_size * length_of_chunk(chunk_size)) +
           (rest == 0 ? 0 : length_of_chunk(rest)) + length_of_chunk(0);
}

Result<ChunkSigner> Signer::chunks(const Signed& request, const Keys& keys, const Service& service,
                                   std::chrono::sys_seconds at) const {
    const auto scope = Scope::of(keys, service, at);
    if (!scope) return std::unexpected(scope.error());
    if (service.algorithm != Algorithm::v4 || request.content_sha256.view() != signed_chunks)
        return std::unexpected(
            Error{Remedy::usage, "AWS: the request was not signed for chunks by v4", ""});
    return ChunkSigner(
        std::make_unique<ChunkSigner::State>(state_->daily_key(keys, service, *scope), *scope,
                                             Text<64>().append(request.signature.view())));
}

}  // namespace hearth::sigv4
