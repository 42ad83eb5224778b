"""The door to 企业微信, 钉钉 and 飞书: who signs in through them, and their organisation taken over here."""
