#include "fuzz/target.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hearth::fuzz::try_input({reinterpret_cast<const char*>(data), size});
    return 0;
}

namespace hearth::fuzz {
namespace {

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

std::pair<std::string_view, std::string_view> cut(std::string_view text, std::string_view mark) {
    const auto place = text.find(mark);
    if (place == std::string_view::npos) return {text, {}};
    return {text.substr(0, place), text.substr(place + mark.size())};
}

}  // namespace

void require(bool kept, std::source_location where) {
    if (kept) return;
    (void)std::fprintf(stderr, "%s:%u: a promise is broken\n", where.file_name(),
                       static_cast<unsigned>(where.line()));
    std::abort();
}

void require_sound(const Error& error, std::source_location where) {
    require(!error.what.empty(), where);
    require(!has_control_character(error.what) && !has_control_character(error.hint), where);
}

void require_discreet(const Error& error, std::source_location where) {
    require_sound(error, where);
    require(!error.what.contains(planted) && !error.hint.contains(planted), where);
}

bool sendable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool has_control_character(std::string_view text) { return std::ranges::any_of(text, is_control); }

std::pair<std::string_view, std::string_view> first_line(std::string_view input) {
    return cut(input, "\n");
}

HttpResponse answer_in(std::string_view input) {
    HttpResponse answer{.status = 200, .headers = {}, .body = {}};
    if (!input.contains("\n\n")) {
        answer.body = Secret(input);
        return answer;
    }
    const auto [head, body] = cut(input, "\n\n");
    answer.body = Secret(body);
    auto [status, lines] = first_line(head);
    (void)std::from_chars(status.data(), status.data() + status.size(), answer.status);
    while (!lines.empty()) {
        const auto [line, rest] = first_line(lines);
        const auto [name, value] = cut(line, ": ");
        answer.headers.push_back({std::string(name), std::string(value)});
        lines = rest;
    }
    return answer;
}

std::expected<HttpResponse, HttpFailure> OneAnswer::send(HttpRequest /*request*/,
                                                         std::stop_token /*stop*/) {
    return HttpResponse{
        .status = answer_.status, .headers = answer_.headers, .body = answer_.body.clone()};
}

}  // namespace hearth::fuzz
