#include "sources/resolution.hpp"

#include <gmock/gmock.h>

#include <map>

namespace hearth::sources {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Environment environment(std::map<std::string, std::string, std::less<>> variables) {
    return [variables = std::move(variables)](std::string_view name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::string winner(std::string_view provider, const Offer& offer, std::string_view helper = {}) {
    const auto* const source = before_session(resolve(provider, offer, helper));
    return source == nullptr ? "session" : std::string(source->name);
}

std::vector<std::string> of_provider(std::string_view provider) {
    std::vector<std::string> names;
    for (const auto& source : all()) {
        if (source.serves(provider)) names.emplace_back(source.name);
    }
    return names;
}

TEST(Resolution, without_anything_given_is_the_session) {
    EXPECT_EQ(winner("claude", {}), "session");
    EXPECT_EQ(winner("oidc", {}), "session");
}

TEST(Resolution, for_each_two_sources_takes_the_one_that_stands_first) {
    const auto names = of_provider("claude");
    for (std::size_t first = 0; first < names.size(); ++first) {
        for (std::size_t second = first + 1; second < names.size(); ++second) {
            Offer offer;
            std::string helper;
            for (const auto& name : {names[second], names[first]}) {
                if (name == "api_key_helper") {
                    helper = name;
                } else if (name != "session") {
                    offer.filled.push_back(name);
                }
            }
            EXPECT_EQ(winner("claude", offer, helper), names[first]) << "beside " << names[second];
        }
    }
}

TEST(Resolution, takes_a_helper_before_any_providers_session) {
    EXPECT_EQ(winner("oidc", {}, "token_helper"), "token_helper");
    EXPECT_EQ(winner("claude", {}, "api_key_helper"), "api_key_helper");
    EXPECT_EQ(winner("oidc", {.filled = {"HEARTH_TOKEN_FD"}}, "token_helper"), "HEARTH_TOKEN_FD");
}

TEST(Resolution, never_takes_a_helper_for_the_callers_own) {
    EXPECT_EQ(callers_own(resolve("claude", {}, "api_key_helper")), nullptr);
    EXPECT_EQ(winner("claude", {.filled = {"api_key_helper"}}), "session");
}

TEST(Resolution, says_of_each_source_why) {
    const auto steps =
        resolve("claude", {.filled = {"ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"}});
    ASSERT_EQ(steps.size(), of_provider("claude").size());
    for (const auto& step : steps) {
        EXPECT_FALSE(step.why.empty());
        EXPECT_EQ(step.used, step.source->name == "ANTHROPIC_API_KEY");
        if (step.source->name == "CLAUDE_CODE_OAUTH_TOKEN") {
            EXPECT_EQ(step.why, "ANTHROPIC_API_KEY comes before it");
        }
    }
}

TEST(Resolution, passes_an_empty_variable_by_and_names_it) {
    const auto steps = resolve("claude", {.filled = {}, .empty = {"ANTHROPIC_API_KEY"}});
    EXPECT_EQ(callers_own(steps), nullptr);
    const auto key = std::ranges::find_if(
        steps, [](const Step& step) { return step.source->name == "ANTHROPIC_API_KEY"; });
    ASSERT_NE(key, steps.end());
    EXPECT_EQ(key->found, Found::empty);
    EXPECT_THAT(key->why, HasSubstr("set, but to nothing"));
}

TEST(Resolution, gives_no_provider_what_is_anothers) {
    EXPECT_EQ(winner("oidc", {.filled = {"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"}}), "session");
    EXPECT_EQ(winner("oidc", {.filled = {"HEARTH_TOKEN_FD"}}), "HEARTH_TOKEN_FD");
    EXPECT_EQ(winner("oidc", {.filled = {"HEARTH_API_KEY_FD"}}), "session");
}

TEST(Resolution, ignores_names_that_are_no_source) {
    EXPECT_EQ(winner("claude", {.filled = {"PATH", "session", ""}}), "session");
}

TEST(Offer, tells_names_and_what_is_empty) {
    const auto offer = offer_of(environment(
        {{"ANTHROPIC_API_KEY", "k"}, {"CLAUDE_CODE_OAUTH_TOKEN", ""}, {"PATH", "/bin"}}));
    EXPECT_THAT(offer.filled, ElementsAre("ANTHROPIC_API_KEY"));
    EXPECT_THAT(offer.empty, ElementsAre("CLAUDE_CODE_OAUTH_TOKEN"));
    EXPECT_TRUE(offer_of(environment({{"PATH", "/bin"}})).nothing());
}

}  // namespace
}  // namespace hearth::sources
