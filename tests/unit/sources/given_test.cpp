#include "sources/given.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace hearth::sources {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Environment one(std::string name, std::string value) {
    return [name = std::move(name), value = std::move(value)](std::string_view asked) {
        return asked == name ? std::optional(value) : std::nullopt;
    };
}

// Takes from a descriptor into whose other end the text is written.
Result<Secret> from_descriptor(const std::string& text) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    std::jthread writer([text, end = ends[1]] {
        for (std::size_t sent = 0; sent < text.size();) {
            const auto wrote = ::send(end, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (wrote <= 0) break;
            sent += static_cast<std::size_t>(wrote);
        }
        ::close(end);
    });
    auto taken = take(*find("HEARTH_TOKEN_FD"), one("HEARTH_TOKEN_FD", std::to_string(ends[0])));
    EXPECT_EQ(::fcntl(ends[0], F_GETFD), -1) << "the descriptor stayed open";
    return taken;
}

std::string refusal(const Result<Secret>& taken) {
    EXPECT_FALSE(taken);
    if (taken) return "";
    EXPECT_EQ(taken.error().remedy, Remedy::usage);
    EXPECT_FALSE(taken.error().hint.empty());
    return taken.error().what;
}

TEST(Given, a_variable_is_trimmed_and_taken) {
    const auto token = take(*find("ANTHROPIC_API_KEY"), one("ANTHROPIC_API_KEY", " k-1\r\n"));
    ASSERT_TRUE(token);
    EXPECT_EQ(token->reveal(), "k-1");
}

TEST(Given, a_descriptor_is_read_to_its_end_and_closed) {
    const std::string long_one(9000, 'x');
    const auto token = from_descriptor(long_one + "\n");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->reveal(), long_one);
}

TEST(Given, what_is_no_token_is_refused_and_not_quoted) {
    for (const std::string text : {"", "  \n", "two words-s3cret", "s3cret\nline", "s3cret\x01"}) {
        EXPECT_THAT(refusal(token_in(text, "HERE")), HasSubstr("HERE"));
        EXPECT_THAT(refusal(token_in(text, "HERE")), Not(HasSubstr("s3cret")));
    }
    EXPECT_THAT(refusal(from_descriptor(std::string(longest_token + 1, 'x'))),
                HasSubstr("more than 16384"));
    EXPECT_THAT(refusal(from_descriptor("")), HasSubstr("HEARTH_TOKEN_FD holds no token"));
}

TEST(Given, a_token_has_a_greatest_length) {
    EXPECT_TRUE(token_in(std::string(longest_token, 'x'), "HERE"));
    EXPECT_THAT(refusal(token_in(std::string(longest_token + 1, 'x'), "HERE")),
                HasSubstr("HERE holds more than 16384"));
}

TEST(Given, a_descriptor_without_end_is_not_read_without_end) {
    EXPECT_THAT(refusal(from_descriptor(std::string(1024UL * 1024, 'x'))), HasSubstr("more than"));
}

TEST(Given, what_is_no_descriptor_is_named) {
    for (const std::string text : {"", "abc", "0", "2", "-1", "3x", "99999999999999"}) {
        EXPECT_THAT(refusal(take(*find("HEARTH_TOKEN_FD"), one("HEARTH_TOKEN_FD", text))),
                    HasSubstr("HEARTH_TOKEN_FD is not the number"));
    }
    EXPECT_THAT(refusal(take(*find("HEARTH_TOKEN_FD"), one("HEARTH_TOKEN_FD", "987"))),
                HasSubstr("descriptor 987, which is not open"));
}

}  // namespace
}  // namespace hearth::sources
