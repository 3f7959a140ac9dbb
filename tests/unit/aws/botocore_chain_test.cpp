// The same configurations as botocore resolves them, where docs/aws.md does not say that the two
// differ.
#include <gtest/gtest.h>

#include "unit/aws/botocore.hpp"
#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

// Profiles that name each other, with more or less of what they need.
class Writer {
  public:
    explicit Writer(unsigned seed) : chance_(seed) {}

    Asked asked() {
        for (const auto* name : {"default", "a", "b", "c"})
            if (!chance_.one_in(12)) write_profile(name);
        if (!chance_.one_in(4))
            asked_.config +=
                "[sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n";
        write_variables();
        static constexpr std::array<std::string_view, 6> names{"default", "default", "a",
                                                               "a",       "b",       "missing"};
        if (chance_.one_in(3)) asked_.profile = names.at(chance_.below(names.size()));
        return std::move(asked_);
    }

  private:
    void write_profile(const std::string& name) {
        const bool first = name == "default";
        std::string text = first ? "[default]\n" : "[profile " + name + "]\n";
        // A later profile's keys come first in hearth, and have no rivals here.
        const bool keys = chance_.one_in(first ? 3 : 2);
        const bool rivals = !keys || (first && !chance_.one_in(3));
        if (chance_.one_in(first ? 2 : 3)) text += role_lines(first && !rivals);
        if (keys) write_keys(name, text);
        if (rivals && chance_.one_in(5)) text += "web_identity_token_file = /token\n";
        if (rivals && chance_.one_in(4)) text += center_lines();
        if (rivals && chance_.one_in(4)) text += process_line("process-of-" + name);
        asked_.config += text;
    }

    std::string role_lines(bool on_itself) {
        std::string text = role;
        if (!chance_.one_in(5))
            text +=
                "source_profile = " + chance_.any({"a", "b", "c", "b", "c", "a", "missing"}) + "\n";
        else if (on_itself)
            text += "source_profile = default\n";
        if (chance_.one_in(8))
            text += "credential_source = " +
                    chance_.any({"Environment", "Environment", "Ec2InstanceMetadata",
                                 "EcsContainer", "environment"}) +
                    "\n";
        if (chance_.one_in(4)) text += "mfa_serial = 123456789\n";
        return text;
    }

    void write_keys(const std::string& name, std::string& config) {
        const bool both = chance_.one_in(4);
        if (both || chance_.one_in(2)) config += key_lines("config-" + name);
        if (both || chance_.one_in(2))
            asked_.credentials += "[" + name + "]\n" + key_lines("credentials-" + name);
    }

    std::string key_lines(const std::string& id) {
        std::string text;
        if (!chance_.one_in(12)) text += "aws_access_key_id = " + id + "\n";
        if (!chance_.one_in(12)) text += "aws_secret_access_key = secret\n";
        return text;
    }

    std::string center_lines() {
        std::string text;
        if (!chance_.one_in(10)) text += "sso_account_id = 123456789012\n";
        if (!chance_.one_in(10)) text += "sso_role_name = admin\n";
        if (chance_.one_in(2)) return text + "sso_session = corp\n";
        if (!chance_.one_in(10)) text += "sso_start_url = https://x\n";
        if (!chance_.one_in(10)) text += "sso_region = eu-west-1\n";
        return text;
    }

    static std::string process_line(const std::string& id) {
        return R"(credential_process = echo '{"Version": 1, "AccessKeyId": ")" + id +
               R"(", "SecretAccessKey": "secret"}')"
               "\n";
    }

    void write_variables() {
        auto& variables = asked_.variables;
        variables["AWS_EC2_METADATA_DISABLED"] = "true";
        if (chance_.one_in(5)) {
            variables["AWS_ACCESS_KEY_ID"] = "variable";
            if (!chance_.one_in(5)) variables["AWS_SECRET_ACCESS_KEY"] = "secret";
        }
        if (chance_.one_in(8)) variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/other";
        if (chance_.one_in(8)) variables["AWS_ROLE_ARN"] = arn;
        if (chance_.one_in(4)) variables["AWS_PROFILE"] = chance_.any({"a", "b", "c", "none"});
        if (chance_.one_in(8)) variables["AWS_DEFAULT_PROFILE"] = "c";
    }

    Chance chance_;
    Asked asked_;
};

std::string by_hearth(const Asked& asked) {
    const auto plan = plan_for(asked);
    if (!plan) return "error";
    const auto* step = &*plan;
    std::string text;
    while (const auto* const assumed = std::get_if<AssumeRole>(&step->way)) {
        text += "assume-role < ";
        step = assumed->source.get();
    }
    text += step->name;
    if (const auto* const keys_step = std::get_if<StaticKeys>(&step->way))
        text += " " + keys_step->access_key_id;
    if (const auto* const given = std::get_if<EnvironmentKeys>(&step->way))
        text += " " + given->keys.access_key_id;
    if (const auto* const process = std::get_if<Process>(&step->way)) {
        const auto from = process->command.find("process-of-");
        text += " " + process->command.substr(from, process->command.find('"', from) - from);
    }
    return text;
}

std::vector<std::string> by_botocore(const std::vector<Asked>& all) {
    const testing::TemporaryFolder folder;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto place = folder / std::to_string(i);
        testing::put(place + ".config", all[i].config);
        testing::put(place + ".credentials", all[i].credentials);
        std::string variables;
        for (const auto& [name, value] : all[i].variables)
            variables.append(name).append("=").append(value).append("\n");
        testing::put(place + ".variables", variables);
        const auto& profile = all[i].profile;
        if (profile) testing::put(place + ".profile", std::string(*profile));
    }
    return botocore_says("botocore_chain.py", folder);
}

std::string described(const Asked& asked) {
    std::string text = "config:\n" + asked.config + "credentials:\n" + asked.credentials;
    for (const auto& [name, value] : asked.variables)
        text.append(name).append("=").append(value).append("\n");
    return text + "profile: " + std::string(asked.profile.value_or("none named"));
}

TEST(BotocoreChain, leads_to_the_same_credentials) {
    std::vector<Asked> all;
    all.reserve(300);
    for (unsigned seed = 0; seed < 300; ++seed) all.push_back(Writer(seed).asked());
    const auto botocore = by_botocore(all);
    ASSERT_EQ(botocore.size(), all.size());
    std::size_t refused = 0;
    std::size_t chains = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        refused += botocore[i] == "error" ? 1 : 0;
        chains += botocore[i].starts_with("assume-role < ") ? 1 : 0;
        const auto plan = plan_for(all[i]);
        EXPECT_EQ(by_hearth(all[i]), botocore[i])
            << "seed " << i << (plan ? "" : ": " + plan.error().what) << "\n"
            << described(all[i]);
    }
    EXPECT_GT(refused, all.size() / 5);
    EXPECT_LT(refused, all.size() * 2 / 3);
    EXPECT_GT(chains, 20);
}

}  // namespace
}  // namespace hearth::providers::aws
