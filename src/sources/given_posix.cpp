#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "core/arena.hpp"
#include "core/try.hpp"
#include "sources/given.hpp"

namespace hearth::sources {
namespace {

// Those below are the terminal's.
constexpr int first_descriptor = 3;

std::unexpected<Error> wrong(const Source& source, const std::string& what) {
    return std::unexpected(Error{Remedy::usage, std::string(source.name) + " " + what,
                                 "set it to the number of an open descriptor, as in " +
                                     std::string(source.name) + "=3 hearth token PROFILE 3<FILE"});
}

Result<int> number_in(const Source& source, std::string_view text) {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < first_descriptor)
        return wrong(source, "is not the number of a descriptor from 3 on");
    if (::fcntl(number, F_SETFD, FD_CLOEXEC) != 0)
        return wrong(source, "names descriptor " + std::to_string(number) + ", which is not open");
    return number;
}

Result<Secret> read_to_the_end(const Source& source, int descriptor) {
    SecretBuilder text;
    std::array<char, 1024> piece{};
    while (text.size() <= 2 * longest_token) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return wrong(source, "cannot be read from: " + std::generic_category().message(errno));
        }
        if (got == 0) break;
        text.append({piece.data(), static_cast<std::size_t>(got)});
        Arena::wipe(piece.data(), static_cast<std::size_t>(got));
    }
    return text.take();
}

}  // namespace

void keep_from_children(const Environment& environment) {
    for (const auto& source : all()) {
        if (source.place != Place::descriptor) continue;
        // One that is wrong is told of when it is taken.
        const auto value = environment(source.name);
        if (!value) continue;
        [[maybe_unused]] const auto number = number_in(source, *value);
    }
}

Result<Secret> take(const Source& source, const Environment& environment) {
    const auto value = environment(source.name).value_or("");
    if (source.place == Place::environment) return token_in(value, source.name);
    const int descriptor = HEARTH_TRY(number_in(source, value));
    const auto text = read_to_the_end(source, descriptor);
    (void)::close(descriptor);
    if (!text) return std::unexpected(text.error());
    return token_in(text->reveal(), source.name);
}

}  // namespace hearth::sources
